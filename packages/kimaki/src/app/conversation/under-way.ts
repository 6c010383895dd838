/** What is being done for conversations, since when, and what keeps it. Nothing of it is on record: people may ask (`standing.ts`). */
import type { Clock } from '../../base/clock.ts'
import type { Task } from '../../domain/conversation/inquiry/standing.ts'

export interface Doing {
  /** The last attempt came to nothing, and there will be another one. */
  trouble(reason: string): void
  end(): void
}

export class UnderWay {
  readonly #clock: Pick<Clock, 'now'>
  readonly #tasks = new Map<string, Set<{ readonly kind: string; readonly since: number; trouble: string | undefined }>>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** `kind`: of an effect, or `post` or `edit`. */
  begin(conversation: string, kind: string): Doing {
    const tasks = this.#tasks.get(conversation) ?? new Set()
    const task = { kind, since: this.#clock.now(), trouble: undefined as string | undefined }
    this.#tasks.set(conversation, tasks.add(task))
    return {
      trouble: (reason) => void (task.trouble = reason),
      end: () => {
        tasks.delete(task)
        if (tasks.size === 0 && this.#tasks.get(conversation) === tasks) this.#tasks.delete(conversation)
      },
    }
  }

  /** Those that began first stand first. */
  of(conversation: string): readonly Task[] {
    const now = this.#clock.now()
    return [...(this.#tasks.get(conversation) ?? [])].map(({ kind, since, trouble }) => ({ kind, forMs: now - since, trouble }))
  }
}

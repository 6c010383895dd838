/**
 * Notices when two threads of a project write the same file within 15 minutes; both are told (`told/collisions.ts`). What was written is in
 * memory only: after a restart nothing of before it collides.
 */
import type { Clock } from '../../base/clock.ts'
import type { AgentEvent, AgentPart } from '../../domain/agent.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { ConversationHandle } from './handle.ts'

const WITHIN_MS = 15 * 60_000

interface Write {
  readonly directory: string
  readonly file: string
  readonly conversation: string
  readonly at: number
}

export class Collisions {
  readonly #clock: Pick<Clock, 'now'>
  readonly #tell: (conversation: string, input: Input) => void
  /** The newest write of each conversation to each file, oldest first. */
  readonly #writes = new Map<string, Write>()

  constructor(clock: Pick<Clock, 'now'>, tell: (conversation: string, input: Input) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  heard({ id, state }: Pick<ConversationHandle, 'id' | 'state'>, event: AgentEvent): void {
    const part =
      event.kind === 'part' ? event.part : event.kind === 'subtask' && event.news.kind === 'part' ? event.news.part : undefined
    if (!part || !state) return
    for (const file of filesWritten(part, state.directory)) this.#wrote(id, state.directory, file)
  }

  #wrote(conversation: string, directory: string, file: string): void {
    const at = this.#clock.now()
    for (const [key, write] of this.#writes) {
      if (at - write.at < WITHIN_MS) break
      this.#writes.delete(key)
    }
    for (const other of this.#writes.values()) {
      if (other.directory !== directory || other.file !== file || other.conversation === conversation) continue
      this.#tell(conversation, { kind: 'file-collided', at, file, other: other.conversation })
      this.#tell(other.conversation, { kind: 'file-collided', at, file, other: conversation })
    }
    const key = JSON.stringify([conversation, directory, file])
    this.#writes.delete(key)
    this.#writes.set(key, { directory, file, conversation, at })
  }
}

const WRITING: readonly string[] = ['edit', 'multiedit', 'write', 'patch', 'apply_patch']
const OF_PATCH = /^\*\*\* (?:Add|Update|Delete) File: (.+)$|^\*\*\* Move to: (.+)$/gm

/** Paths of a call that has written, as from the project folder. */
export function filesWritten(part: AgentPart, directory: string): readonly string[] {
  if (part.kind !== 'tool' || part.state !== 'completed' || !WRITING.includes(part.tool)) return []
  const { filePath, patchText } = part.input
  const ofPatch =
    typeof patchText === 'string' ? [...patchText.matchAll(OF_PATCH)].map((match) => match[1] ?? match[2] ?? '') : []
  const paths = [...(typeof filePath === 'string' ? [filePath] : []), ...ofPatch].map((path) => within(path.trim(), directory))
  return [...new Set(paths)].filter((path) => path !== '')
}

function within(path: string, directory: string): string {
  const inside = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path
  return inside.replace(/^(?:\.\/)+/, '')
}

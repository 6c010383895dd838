/**
 * Does what conversations want done, each effect once at a time, and hands its outcome back as an input. An effect that throws is a defect:
 * it is tried three times, then told, so that no prompt waits for ever. An `AbortError` is none: the bot stops, and the effect stays on record.
 */
import { isAbortError } from '../base/errors.ts'
import type { AnyOutcome, Effect } from '../domain/conversation/effect.ts'
import { deadLetterText } from '../view/text/notice.ts'
import type { ConversationHandle } from './conversation/handle.ts'
import { authorize } from './authorize.ts'
import type { EffectDefinition, EffectDeps } from './effects/definition.ts'
import { EFFECTS } from './effects/index.ts'

const ATTEMPTS = 3

interface Context {
  readonly conversation: ConversationHandle
  readonly isRetry: boolean
  readonly trouble: (reason: string) => void
}

export class EffectRunner {
  readonly #deps: EffectDeps
  readonly #definitions: ReadonlyMap<string, EffectDefinition>
  /** Keys of effects that run now. */
  readonly #running = new Set<string>()

  constructor(deps: EffectDeps, effects: readonly EffectDefinition[] = EFFECTS) {
    this.#deps = deps
    this.#definitions = new Map(effects.map((definition) => [definition.kind, definition]))
  }

  /** `isRetry`: the effect was found on record after a restart. */
  run(conversation: ConversationHandle, effect: Effect, isRetry: boolean): void {
    if (this.#running.has(effect.key)) return
    this.#running.add(effect.key)
    const doing = this.#deps.underWay.begin(conversation.id, effect.kind)
    void this.#outcomeOf(effect, { conversation, isRetry, trouble: (reason) => doing.trouble(reason) })
      .then((outcome) => conversation.push({ kind: 'outcome', at: this.#deps.clock.now(), effect, outcome }))
      .catch((error: unknown) => {
        if (!isAbortError(error)) this.#logDefect(effect, error)
      })
      .finally(() => {
        doing.end()
        this.#running.delete(effect.key)
      })
  }

  async #outcomeOf(effect: Effect, context: Context): Promise<AnyOutcome> {
    const definition = this.#definitions.get(effect.kind)
    // A newer version may have left it on record.
    if (!definition) return { kind: 'failed', text: deadLetterText() }
    return this.#deps.retry.until(async (failures) => {
      try {
        return await this.#attempt(definition, effect, { ...context, isRetry: context.isRetry || failures > 0 })
      } catch (error) {
        if (isAbortError(error)) throw error
        this.#logDefect(effect, error)
        return failures + 1 < ATTEMPTS ? undefined : { kind: 'failed', text: deadLetterText() }
      }
    })
  }

  async #attempt(definition: EffectDefinition, effect: Effect, { trouble, ...context }: Context): Promise<AnyOutcome> {
    const access = definition.access?.(effect)
    const refusal = access && (await authorize(this.#deps, access))
    const isDone = refusal && context.isRetry && ((await definition.isDone?.(this.#deps, effect)) ?? false)
    return refusal && !isDone ? refusal : definition.run({ ...this.#deps, trouble }, effect, context)
  }

  #logDefect({ kind }: Effect, error: unknown): void {
    this.#deps.log.error('an effect threw', { effect: kind, error: error instanceof Error ? error.stack : String(error) })
  }
}

/** What is proposed while somebody types an option of a slash command: asked of the file of the command, and never for long. */
import { isAbortError } from '../../base/errors.ts'
import { withDeadline } from '../../base/sleep.ts'
import type { Outside, Propose } from '../../commands/declaration.ts'
import type { OptionQuery } from '../../domain/conversation/request.ts'
import type { Choice } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'

/** Discord waits 3 s, the way there and back included. */
const DEADLINE_MS = 2000

export interface ProposalDeps {
  readonly commands: Pick<ReadonlyMap<string, { readonly proposes?: Readonly<Record<string, Propose>> }>, 'get'>
  readonly outside: Outside
  readonly log: Log
  /** The bot stops. */
  readonly signal: AbortSignal
}

export class Proposals {
  readonly #deps: ProposalDeps

  constructor(deps: ProposalDeps) {
    this.#deps = deps
  }

  /** Nothing, where the option is not known, OpenCode does not answer in time, or the bot stops. */
  async of(query: OptionQuery, directory: string): Promise<readonly Choice[]> {
    const { commands, outside, log, signal } = this.#deps
    const { proposes = {} } = commands.get(query.name) ?? {}
    const propose = Object.hasOwn(proposes, query.option) ? proposes[query.option] : undefined
    if (!propose) return []
    try {
      const proposed = await withDeadline(propose(outside, { ...query, directory }), DEADLINE_MS, signal)
      if (proposed === undefined) log.info('nothing was proposed in time', { command: query.name, option: query.option })
      return proposed === undefined || proposed instanceof Error ? [] : proposed
    } catch (error) {
      if (!isAbortError(error)) log.error('proposing failed', { command: query.name, error: String(error) })
      return []
    }
  }
}

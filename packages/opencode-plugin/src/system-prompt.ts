/**
 * The system prompt of a session stays the same, byte for byte. The bot gives it with each prompt, and OpenCode keeps it with that message;
 * the message of a command, or the one that OpenCode writes after it has summed up a session, has none. Their steps get the last one of the
 * session, in the very place where OpenCode puts it: at the end of the first piece.
 */
import type { UserMessage } from './opencode.ts'

export class SystemPrompts {
  readonly #known = new Map<string, string>()

  /** A message carries none although its session has one: it gets it. */
  learn(message: UserMessage): void {
    const known = this.#known.get(message.sessionID)
    if (message.system !== undefined) this.#known.set(message.sessionID, message.system)
    else if (known !== undefined) message.system = known
  }

  /** It is a session of the bot. */
  isKnown(session: string): boolean {
    return this.#known.has(session)
  }

  /** `system`: what the model is going to get. */
  complete(session: string | undefined, system: string[]): void {
    const known = session === undefined ? undefined : this.#known.get(session)
    if (known === undefined || system.some((piece) => piece.includes(known))) return
    const [first = ''] = system
    system[0] = first === '' ? known : `${first}\n${known}`
  }
}

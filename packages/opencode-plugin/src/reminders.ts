/**
 * What a message of a person brings along that the system prompt must not hold, since it changes: the branch, when it is another than the
 * session was told of; and the memory overview, once, with the first message. Messages of other programs are left alone.
 */
import { createHash } from 'node:crypto'
import { gitHead } from './git-head.ts'
import { memoryOverview } from './memory.ts'
import type { PluginInput, TextPart, UserMessage } from './opencode.ts'

export class Reminders {
  readonly #input: PluginInput
  readonly #toldHead = new Map<string, string>()
  /** Sessions whose first message was looked for: once for each, since that reads the session. */
  readonly #seen = new Set<string>()

  constructor(input: PluginInput) {
    this.#input = input
  }

  /** To be added behind the parts of the message. */
  async for(message: UserMessage): Promise<readonly TextPart[]> {
    const texts = [this.#headFor(message), await this.#memoryFor(message)].filter((text) => text !== undefined)
    return texts.map((text, index) => partOf(message, index, `<system-reminder>\n${text}\n</system-reminder>\n`))
  }

  #headFor({ sessionID }: UserMessage): string | undefined {
    const head = gitHead(this.#input.worktree)
    if (head === undefined || this.#toldHead.get(sessionID) === head) return undefined
    this.#toldHead.set(sessionID, head)
    return head
  }

  async #memoryFor({ id, sessionID }: UserMessage): Promise<string | undefined> {
    if (this.#seen.has(sessionID)) return undefined
    this.#seen.add(sessionID)
    const memory = memoryOverview(this.#input.directory)
    if (memory === undefined) return undefined
    const { data = [] } = await this.#input.client.session.messages({ path: { id: sessionID }, query: { limit: 2 } })
    return data.every(({ info }) => info.id === id) ? memory : undefined
  }
}

/** OpenCode orders parts by id: these stand last. The same message always gets the same ids, so one that is sent again has them once. */
function partOf({ id, sessionID }: UserMessage, index: number, text: string): TextPart {
  const digest = createHash('sha256').update(`${id}/${index}`).digest('hex')
  return { id: `prt_zzzz${digest.slice(0, 22)}`, sessionID, messageID: id, type: 'text', text, synthetic: true }
}

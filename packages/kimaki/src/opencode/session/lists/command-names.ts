/** The names of OpenCode's commands, project by project, kept for a minute. */
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS } from '../../wire/http.ts'
import type { CallError, Http } from '../../wire/http.ts'
import { readList } from '../../wire/read.ts'

/** Prompts of MCP servers come and go. Files do not, before OpenCode reads its configuration again. */
const KNOWN_FOR_MS = 60_000

interface Page {
  readonly readAt: number
  readonly names: readonly string[]
}

export class CommandNames {
  readonly #http: Http
  readonly #pages = new Map<string, Page>()

  constructor(http: Http) {
    this.#http = http
  }

  async of(directory: string): Promise<readonly string[] | CallError> {
    const page = this.#pages.get(directory)
    if (page && performance.now() - page.readAt < KNOWN_FOR_MS) return page.names
    const answer = await this.#http.call({ method: 'GET', path: '/command', directory, deadlineMs: FIRST_TOUCH_MS })
    if (answer instanceof Error) return answer
    const names = readList<api.Command>(answer.json).flatMap((command) => command.text('name') ?? [])
    this.#pages.set(directory, { readAt: performance.now(), names })
    return names
  }

  forget(directory: string): void {
    this.#pages.delete(directory)
  }
}

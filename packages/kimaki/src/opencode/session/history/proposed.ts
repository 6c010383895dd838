/** What is proposed while somebody types: sessions and files of a project. */
import type { SessionSummary } from '../../../ports/agent/sessions.ts'
import type { CallError, Http } from '../../wire/http.ts'
import { listSummaries } from './summaries.ts'

export async function findFiles(
  http: Http,
  directory: string,
  { query, limit }: { readonly query: string; readonly limit: number },
): Promise<readonly string[] | CallError> {
  const answer = await http.call({ method: 'GET', path: '/find/file', directory, query: { query, limit: String(limit) } })
  if (answer instanceof Error) return answer
  return Array.isArray(answer.json) ? answer.json.filter((path) => typeof path === 'string').slice(0, limit) : []
}

/** Somebody who types asks for the same list with every key. */
const KNOWN_FOR_MS = 3_000
const LISTED = 1_000

/** Sessions by words of their titles, from one list that is kept for a moment: 1,000 sessions are 0.6 MB. */
export class SessionSearch {
  readonly #http: Http
  readonly #lists = new Map<string, { readonly at: number; readonly found: Promise<readonly SessionSummary[] | CallError> }>()

  constructor(http: Http) {
    this.#http = http
  }

  async find(
    directory: string,
    { search, limit }: { readonly search: string; readonly limit: number },
  ): Promise<readonly SessionSummary[] | CallError> {
    const listed = await this.#list(directory)
    if (listed instanceof Error) return listed
    const wanted = search.toLowerCase()
    const found = listed.filter(({ title }) => title.toLowerCase().includes(wanted)).slice(0, limit)
    // What is older than the listed ones, OpenCode has to look for.
    return found.length === limit || listed.length < LISTED ? found : listSummaries(this.#http, directory, { search, limit })
  }

  #list(directory: string): Promise<readonly SessionSummary[] | CallError> {
    const known = this.#lists.get(directory)
    if (known && performance.now() - known.at < KNOWN_FOR_MS) return known.found
    const found = listSummaries(this.#http, directory, { search: '', limit: LISTED })
    this.#lists.set(directory, { at: performance.now(), found })
    void found.then((list) => list instanceof Error && this.#lists.delete(directory)).catch(() => this.#lists.delete(directory))
    return found
  }
}

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
/** An older one is shown while it is read anew: a person waits for a list once, and not every 3 seconds. */
const SHOWN_FOR_MS = 60_000
const LISTED = 1_000

interface Page {
  readonly at: number
  readonly found: Promise<readonly SessionSummary[] | CallError>
}

/** Sessions by words of their titles, from one list that is kept for a moment: 1,000 sessions are 0.6 MB. */
export class SessionSearch {
  readonly #http: Http
  readonly #lists = new Map<string, Page>()
  readonly #renewing = new Set<string>()

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

  #list(directory: string): Page['found'] {
    const known = this.#lists.get(directory)
    const age = known ? performance.now() - known.at : Number.POSITIVE_INFINITY
    if (!known || age >= SHOWN_FOR_MS) return this.#read(directory)
    if (age >= KNOWN_FOR_MS && !this.#renewing.has(directory)) void this.#renew(directory)
    return known.found
  }

  #read(directory: string): Page['found'] {
    const page = { at: performance.now(), found: listSummaries(this.#http, directory, { search: '', limit: LISTED }) }
    this.#lists.set(directory, page)
    const forget = (): void => void (this.#lists.get(directory) === page && this.#lists.delete(directory))
    void page.found.then((list) => list instanceof Error && forget()).catch(forget)
    return page.found
  }

  async #renew(directory: string): Promise<void> {
    this.#renewing.add(directory)
    const at = performance.now()
    try {
      const list = await listSummaries(this.#http, directory, { search: '', limit: LISTED })
      if (!(list instanceof Error)) this.#lists.set(directory, { at, found: Promise.resolve(list) })
    } catch {
      // The agent stops.
    } finally {
      this.#renewing.delete(directory)
    }
  }
}

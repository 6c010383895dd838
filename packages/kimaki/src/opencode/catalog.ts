/** Context limits of models, by project. From `/config/providers` (9 kB); `/provider` would block the server for 0.8 s. */
import type { Http } from './http.ts'
import { list, number, record, text } from './json.ts'

/** A model that is not in the list is looked for again at most this often. */
const AGAIN_MS = 60_000

export interface Catalog {
  /** In tokens; `undefined` when unknown. */
  contextLimit(directory: string, model: { readonly provider: string; readonly model: string }): Promise<number | undefined>
}

interface Page {
  readonly readAt: number
  readonly limits: Promise<ReadonlyMap<string, number>>
}

export function createCatalog(http: Http): Catalog {
  const pages = new Map<string, Page>()

  return {
    async contextLimit(directory, { provider, model }) {
      const key = `${provider}/${model}`
      const page = pages.get(directory)
      const known = (await page?.limits)?.get(key)
      if (known !== undefined || (page && performance.now() - page.readAt < AGAIN_MS)) return known
      const limits = read(http, directory)
      pages.set(directory, { readAt: performance.now(), limits })
      return (await limits).get(key)
    },
  }
}

async function read(http: Http, directory: string): Promise<ReadonlyMap<string, number>> {
  const answer = await http.call({ method: 'GET', path: '/config/providers', directory })
  return answer.ok ? limitsOf(answer.value.json) : new Map()
}

function limitsOf(json: unknown): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const provider of list(record(json)['providers']).map(record)) {
    for (const [name, model] of Object.entries(record(provider['models']))) {
      const limit = number(record(record(model)['limit'])['context'])
      if (limit) limits.set(`${text(provider['id']) ?? ''}/${name}`, limit)
    }
  }
  return limits
}

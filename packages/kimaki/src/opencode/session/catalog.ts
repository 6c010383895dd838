/** The models of a project and their context limits. From `/config/providers` (9 kB); `/provider` would block the server for 0.8 s. */
import type { Http } from '../wire/http.ts'
import { list, number, record, text } from '../wire/json.ts'
import type { Json } from '../wire/json.ts'

/** A model that is not in the list is looked for again at most this often. */
const AGAIN_MS = 60_000

export interface Catalog {
  /** In tokens; `undefined` when unknown. */
  contextLimit(directory: string, model: { readonly provider: string; readonly model: string }): Promise<number | undefined>
  /** What can be used; `undefined` when it cannot be told. `missing`: looked for again, unless it is there. */
  models(directory: string, missing: string): Promise<Models | undefined>
  forget(directory: string): void
}

export interface Models {
  /** `provider/model` to its limit in tokens, 0 when unknown. */
  readonly limits: ReadonlyMap<string, number>
  /** OpenCode's own choice. */
  readonly fallback: string | undefined
}

interface Page {
  readonly readAt: number
  readonly models: Promise<Models | undefined>
}

export function createCatalog(http: Http): Catalog {
  const pages = new Map<string, Page>()

  function readAnew(directory: string): Promise<Models | undefined> {
    const models = read(http, directory)
    pages.set(directory, { readAt: performance.now(), models })
    return models
  }

  return {
    async contextLimit(directory, { provider, model }) {
      const key = `${provider}/${model}`
      const page = pages.get(directory)
      const known = (await page?.models)?.limits.get(key)
      if (known !== undefined || (page && performance.now() - page.readAt < AGAIN_MS)) return known || undefined
      return (await readAnew(directory))?.limits.get(key) || undefined
    },
    async models(directory, missing) {
      const known = await pages.get(directory)?.models
      return known?.limits.has(missing) ? known : readAnew(directory)
    },
    forget: (directory) => void pages.delete(directory),
  }
}

async function read(http: Http, directory: string): Promise<Models | undefined> {
  const answer = await http.call({ method: 'GET', path: '/config/providers', directory })
  return answer.ok ? modelsOf(record(answer.value.json)) : undefined
}

function modelsOf({ providers, default: defaults }: Json): Models {
  const limits = new Map<string, number>()
  for (const provider of list(providers).map(record)) {
    for (const [name, model] of Object.entries(record(provider['models'])))
      limits.set(`${text(provider['id']) ?? ''}/${name}`, number(record(record(model)['limit'])['context']) ?? 0)
  }
  const [fallback] = Object.entries(record(defaults)).map(([provider, model]) => `${provider}/${text(model) ?? ''}`)
  return { limits, fallback }
}

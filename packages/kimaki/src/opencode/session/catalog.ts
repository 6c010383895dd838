/** The models of a project and their context limits, and the keys of its providers, which are secret. From `/config/providers` (9 kB); `/provider` would block the server for 0.8 s. */
import { looksSecret } from '../../base/known-secrets.ts'
import type { Secrets } from '../../base/redact.ts'
import type * as api from '../wire/api.ts'
import type { Http } from '../wire/http.ts'
import { read } from '../wire/read.ts'
import type { Received } from '../wire/read.ts'

/** The list is read again for a model that is not in it, at most this often. */
const REREAD_MS = 60_000

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

export class Catalog {
  readonly #http: Http
  readonly #secrets: Secrets
  readonly #pages = new Map<string, Page>()

  constructor(http: Http, secrets: Secrets) {
    this.#http = http
    this.#secrets = secrets
  }

  /** In tokens; `undefined` when unknown. */
  async contextLimit(
    directory: string,
    { provider, model }: { readonly provider: string; readonly model: string },
  ): Promise<number | undefined> {
    const key = `${provider}/${model}`
    const page = this.#pages.get(directory)
    const known = (await page?.models)?.limits.get(key)
    const isFresh = page !== undefined && performance.now() - page.readAt < REREAD_MS
    if (known !== undefined || isFresh) return known || undefined
    return (await this.#reread(directory))?.limits.get(key) || undefined
  }

  /** The models that can be used, read again unless `wanted` is among the known ones; `undefined` when OpenCode does not tell. */
  async models(directory: string, wanted: string): Promise<Models | undefined> {
    const known = await this.#pages.get(directory)?.models
    return known?.limits.has(wanted) ? known : this.#reread(directory)
  }

  forget(directory: string): void {
    this.#pages.delete(directory)
  }

  #reread(directory: string): Promise<Models | undefined> {
    const models = readModels(this.#http, directory, this.#secrets)
    this.#pages.set(directory, { readAt: performance.now(), models })
    return models
  }
}

async function readModels(http: Http, directory: string, secrets: Secrets): Promise<Models | undefined> {
  const answer = await http.call({ method: 'GET', path: '/config/providers', directory })
  if (answer instanceof Error) return undefined
  secrets.add(...keysOf(read(answer.json)))
  return modelsOf(read(answer.json))
}

/** As OpenCode found them: in its log-in file, the environment or a configuration. */
function keysOf(answer: Received<api.Providers>): readonly string[] {
  const keys = answer.list('providers').flatMap((provider) => [provider.text('key'), provider.object('options').text('apiKey')])
  return keys.filter((key) => key !== undefined).filter(looksSecret)
}

function modelsOf(answer: Received<api.Providers>): Models {
  const limits = new Map<string, number>()
  for (const provider of answer.list('providers')) {
    for (const [name, model] of provider.object('models').entries()) {
      limits.set(`${provider.text('id') ?? ''}/${name}`, model.object('limit').number('context') ?? 0)
    }
  }
  const defaults = answer.object('default')
  const [provider] = Object.keys(defaults.fields)
  return { limits, fallback: provider === undefined ? undefined : `${provider}/${defaults.text(provider) ?? ''}` }
}

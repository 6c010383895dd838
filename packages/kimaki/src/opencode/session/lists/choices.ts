/**
 * What people choose among in a project: models of connected providers, agents; and what OpenCode would choose. `/config/providers` names connected
 * providers only (9 kB); `/provider` names all there are, and would block the server for 0.8 s.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Choices, KnownModel, KnownProvider } from '../../../domain/models/choices.ts'
import type { ModelChoice } from '../../../domain/models/preferences.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, type CallError, type Http } from '../../wire/http.ts'
import { parseJson, read, type Received } from '../../wire/read.ts'
import { agentsIn } from './agents.ts'

/** People type a letter every 100 ms; and a key that was added counts after a minute at most. */
const KNOWN_FOR_MS = 60_000

interface Page {
  readonly readAt: number
  readonly choices: Promise<Choices | CallError>
}

export class ProjectChoices {
  readonly #http: Http
  readonly #pages = new Map<string, Page>()

  constructor(http: Http) {
    this.#http = http
  }

  async of(directory: string): Promise<Choices | CallError> {
    const known = this.#pages.get(directory)
    const page =
      known && performance.now() - known.readAt < KNOWN_FOR_MS
        ? known
        : { readAt: performance.now(), choices: readChoices(this.#http, directory) }
    this.#pages.set(directory, page)
    const choices = await page.choices
    if (choices instanceof Error && this.#pages.get(directory) === page) this.#pages.delete(directory)
    return choices
  }

  forget(directory: string): void {
    this.#pages.delete(directory)
  }
}

async function readChoices(http: Http, directory: string): Promise<Choices | CallError> {
  const get = (path: string) => http.call({ method: 'GET', path, directory, deadlineMs: FIRST_TOUCH_MS })
  const answers = await Promise.all(['/config/providers', '/agent', '/config', '/path'].map((path) => get(path)))
  const [providers, agents, config, paths] = answers
  if (providers instanceof Error) return providers
  if (agents instanceof Error) return agents
  if (config instanceof Error) return config
  const configuration = read<api.Config>(config?.json)
  const offered = agentsIn(agents?.json)
  const state = paths instanceof Error ? undefined : read<api.Path>(paths?.json).text('state')
  return {
    providers: providersOf(read(providers?.json)),
    agents: offered,
    configured: modelNamed(configuration.text('model')),
    recent: state === undefined ? [] : await recentModels(state),
    defaultAgent: configuration.text('default_agent') ?? offered.find(({ isPrimary, isHidden }) => isPrimary && !isHidden)?.name,
  }
}

function providersOf(answer: Received<api.Providers>): readonly KnownProvider[] {
  const defaults = answer.object('default')
  return answer.list('providers').flatMap((provider) => {
    const id = provider.text('id')
    if (id === undefined) return []
    const models = provider
      .object('models')
      .entries()
      .map(([model, about]): KnownModel => {
        const name = about.text('name') ?? model
        const variants = Object.keys(about.object('variants').fields)
        return { provider: id, id: model, name, released: about.text('release_date') ?? '', variants }
      })
    return [{ id, name: provider.text('name') ?? id, models, fallback: defaults.text(id) }]
  })
}

/** What was chosen in OpenCode's terminal, the last one first: OpenCode keeps it in a file, and takes it where nothing is configured. */
async function recentModels(state: string): Promise<readonly ModelChoice[]> {
  const text = await readFile(join(state, 'model.json'), 'utf8').catch(() => '')
  const recent = read<{ readonly recent?: readonly api.PromptModel[] }>(parseJson(text)).list('recent')
  return recent.flatMap((model) => {
    const [provider, id] = [model.text('providerID'), model.text('modelID')]
    return provider !== undefined && id !== undefined ? [{ provider, model: id, variant: undefined }] : []
  })
}

/** `provider/model`; the name of a model may hold slashes too. */
function modelNamed(name: string | undefined): ModelChoice | undefined {
  const slash = name?.indexOf('/') ?? -1
  return name === undefined || slash < 1
    ? undefined
    : { provider: name.slice(0, slash), model: name.slice(slash + 1), variant: undefined }
}

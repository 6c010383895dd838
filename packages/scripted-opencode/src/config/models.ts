/** The models that a configuration knows, and which of them answers. Sources: `GET /config/providers`, and the order in which OpenCode looks. */
import { list, number, record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'

export interface ModelName {
  readonly providerID: string
  readonly modelID: string
  readonly variant?: string | undefined
}

export interface Model {
  readonly providerID: string
  readonly modelID: string
  /** Of an API that is compatible with OpenAI's, such as `http://127.0.0.1:4000/v1`. */
  readonly baseURL: string
  readonly apiKey: string
  /** In tokens; 0 when unknown. */
  readonly limit: { readonly context: number; readonly output: number }
  /** For a million tokens. */
  readonly cost: { readonly input: number; readonly output: number }
}

export const nameOf = ({ providerID, modelID }: ModelName): string => `${providerID}/${modelID}`

/** `provider/model`; the model's name may hold slashes. */
export function modelName(name: string): ModelName {
  const slash = name.indexOf('/')
  return { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) }
}

export function findModel(config: Json, { providerID, modelID }: ModelName): Model | undefined {
  const provider = providers(config).find(({ id }) => id === providerID)
  const model = record(provider?.models[modelID])
  if (!provider || provider.models[modelID] === undefined) return undefined
  const [limit, cost] = [record(model['limit']), record(model['cost'])]
  return {
    providerID,
    modelID,
    baseURL: text(provider.options['baseURL']) ?? '',
    apiKey: text(provider.options['apiKey']) ?? '',
    limit: { context: number(limit['context']) ?? 0, output: number(limit['output']) ?? 0 },
    cost: { input: number(cost['input']) ?? 0, output: number(cost['output']) ?? 0 },
  }
}

/** The configured one, or the first there is. */
export function defaultModel(config: Json): ModelName | undefined {
  const configured = text(config['model'])
  if (configured !== undefined) return modelName(configured)
  const [first] = providers(config)
  const modelID = first && Object.keys(first.models)[0]
  return first && modelID !== undefined ? { providerID: first.id, modelID } : undefined
}

/** `GET /config/providers`. */
export function providersPage(config: Json): Json {
  const known = providers(config)
  return {
    providers: known.map(({ id, name, options, models }) => ({
      id,
      name,
      source: 'config',
      env: [],
      options,
      models: Object.fromEntries(
        Object.entries(models).map(([modelID, model]) => [
          modelID,
          { id: modelID, providerID: id, name: modelID, ...record(model) },
        ]),
      ),
    })),
    default: Object.fromEntries(known.map(({ id, models }) => [id, Object.keys(models)[0]])),
  }
}

interface Provider {
  readonly id: string
  readonly name: string
  readonly options: Json
  readonly models: Json
}

function providers(config: Json): readonly Provider[] {
  const enabled = config['enabled_providers'] === undefined ? undefined : list(config['enabled_providers'])
  return Object.entries(record(config['provider'])).flatMap(([id, value]) => {
    if (enabled && !enabled.includes(id)) return []
    const { name, options, models } = record(value)
    return [{ id, name: text(name) ?? id, options: record(options), models: record(models) }]
  })
}

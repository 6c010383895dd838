/**
 * The providers that OpenCode knows, and how one logs in there. The list of all (`/provider`) has 6.4 MB and holds up the server for 0.8 s:
 * it is read once for each server and hour, and never waited for while somebody types.
 */
import { isAbortError } from '../../../base/errors.ts'
import type { LogInMethod, LogInPrompt, LogInProvider } from '../../../ports/agent/log-ins.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, type Answer, type CallError, type Http } from '../../wire/http.ts'
import { read, type Received } from '../../wire/read.ts'

const KNOWN_FOR_MS = 3_600_000
const ALL_MS = 30_000

type Names = ReadonlyMap<string, string>

export class Providers {
  readonly #http: Http
  #all: Names | undefined
  #readAt = 0
  #reading: Promise<Names | CallError> | undefined

  constructor(http: Http) {
    this.#http = http
  }

  /** `stored`: ids of those that OpenCode keeps a key for. */
  async of(directory: string, stored: ReadonlySet<string>, isTyping: boolean): Promise<readonly LogInProvider[] | CallError> {
    const methods = await this.#methods(directory)
    if (methods instanceof Error) return methods
    const connected = await this.#call(directory, '/config/providers')
    if (connected instanceof Error) return connected
    const usable = namesIn(read<api.Providers>(connected.json).list('providers'))
    const all = await this.#names(directory, isTyping)
    if (all instanceof Error) return all
    const ids = new Set([...Object.keys(methods.fields), ...usable.keys(), ...all.keys(), ...stored])
    return [...ids].map((id) => ({
      id,
      name: all.get(id) ?? usable.get(id) ?? id,
      hasMethods: id in methods.fields,
      status: stored.has(id) ? 'logged-in' : usable.has(id) ? 'connected' : 'none',
    }))
  }

  async methodsOf(directory: string, provider: string): Promise<readonly LogInMethod[] | CallError> {
    const methods = await this.#methods(directory)
    if (methods instanceof Error) return methods
    const found = methods.entries().find(([id]) => id === provider)
    return found
      ? read<{ readonly list: readonly api.LogInMethod[] }>({ list: methods.fields[provider] }).list('list').map(methodOf)
      : []
  }

  async #names(directory: string, isTyping: boolean): Promise<Names | CallError> {
    const isFresh = performance.now() - this.#readAt < KNOWN_FOR_MS
    if (this.#all && isFresh) return this.#all
    this.#reading ??= this.#readAll(directory).finally(() => (this.#reading = undefined))
    if (!isTyping) return this.#reading
    this.#reading.catch((error: unknown) => {
      if (!isAbortError(error)) throw error
    })
    return this.#all ?? new Map()
  }

  async #readAll(directory: string): Promise<Names | CallError> {
    const answer = await this.#call(directory, '/provider', ALL_MS)
    if (answer instanceof Error) return answer
    this.#all = namesIn(read<api.AllProviders>(answer.json).list('all'))
    this.#readAt = performance.now()
    return this.#all
  }

  async #methods(directory: string): Promise<Received<api.LogInMethods> | CallError> {
    const answer = await this.#call(directory, '/provider/auth')
    return answer instanceof Error ? answer : read(answer.json)
  }

  #call(directory: string, path: string, deadlineMs = FIRST_TOUCH_MS): Promise<Answer | CallError> {
    return this.#http.call({ method: 'GET', path, directory, deadlineMs })
  }
}

const namesIn = (providers: readonly Received<api.Provider>[]): Names =>
  new Map(
    providers.flatMap((provider) => {
      const id = provider.text('id')
      return id === undefined ? [] : [[id, provider.text('name') ?? id] as const]
    }),
  )

const methodOf = (method: Received<api.LogInMethod>): LogInMethod => ({
  kind: method.text('type') === 'oauth' ? 'oauth' : 'key',
  label: method.text('label') ?? '',
  prompts: method.list('prompts').flatMap(promptOf),
})

function promptOf(prompt: Received<Prompt>): readonly LogInPrompt[] {
  const key = prompt.text('key')
  if (key === undefined) return []
  const about = { key, message: prompt.text('message') ?? key, when: whenOf(prompt.object('when')) }
  if (prompt.text('type') !== 'select') return [{ ...about, kind: 'text', placeholder: prompt.text('placeholder') ?? '' }]
  const options = prompt.list('options').flatMap((option) => {
    const value = option.text('value')
    return value === undefined ? [] : [{ value, label: option.text('label') ?? value, hint: option.text('hint') ?? '' }]
  })
  return options.length === 0 ? [] : [{ ...about, kind: 'select', options }]
}

type Prompt = NonNullable<api.LogInMethod['prompts']>[number]
type When = NonNullable<Prompt['when']>

function whenOf(when: Received<When>): LogInPrompt['when'] {
  const [key, value] = [when.text('key'), when.text('value')]
  return key === undefined || value === undefined ? undefined : { key, value, isEqual: when.text('op') !== 'neq' }
}

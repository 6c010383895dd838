/** Who may write speech down, and in which order they are asked: an address of the operator, the key of a person, this machine, keys of the environment. */
import type { TranscriptionKey } from '../../ports/voice/transcriber.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Provider =
  /** `url` without a slash at its end. `speech`: the model that speaks, `model`: the one that listens. */
  | { readonly kind: 'openai'; readonly name: string; readonly url: string; readonly key: string; readonly model: string }
  | { readonly kind: 'gemini'; readonly name: string; readonly url: string; readonly key: string; readonly model: string }
  | { readonly kind: 'local'; readonly name: string }

export interface Found {
  readonly environment: Environment
  readonly saved: TranscriptionKey | undefined
  /** `kimaki voice install` has been run. */
  readonly isLocal: boolean
}

/** Undefined: nobody is set up. */
export function providerOf({ environment, saved, isLocal }: Found): Provider | undefined {
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined
  const model = given('KIMAKI_TRANSCRIPTION_MODEL')
  const own = given('KIMAKI_TRANSCRIPTION_URL')
  if (own) return compatible(own, given('KIMAKI_TRANSCRIPTION_KEY') ?? '', model)
  if (saved?.url) return compatible(saved.url, saved.key, model)
  if (saved) return byKey(saved.key, environment, model)
  if (isLocal) return { kind: 'local', name: 'this machine (Moonshine)' }
  const key = given('OPENAI_API_KEY') ?? given('GEMINI_API_KEY') ?? given('GOOGLE_API_KEY')
  return key === undefined ? undefined : byKey(key, environment, model, given('OPENAI_API_KEY') !== undefined)
}

/** Keys of Google begin otherwise than those of OpenAI. */
export function byKey(
  key: string,
  environment: Environment,
  model: string | undefined,
  isOpenAi = !/^AIza|^AQ\./.test(key),
): Exclude<Provider, { readonly kind: 'local' }> {
  const base = (name: string, url: string): string => withoutSlash(environment[name]?.trim() || url)
  return isOpenAi
    ? {
        kind: 'openai',
        name: 'OpenAI',
        url: base('OPENAI_BASE_URL', 'https://api.openai.com/v1'),
        key,
        model: model ?? 'gpt-4o-mini-transcribe',
      }
    : {
        kind: 'gemini',
        name: 'Gemini',
        url: base('GOOGLE_GEMINI_BASE_URL', 'https://generativelanguage.googleapis.com'),
        key,
        model: model ?? 'gemini-2.5-flash',
      }
}

const compatible = (url: string, key: string, model: string | undefined): Provider => ({
  kind: 'openai',
  name: hostOf(url),
  url: withoutSlash(url),
  key,
  model: model ?? 'whisper-1',
})

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the server for voice messages'
}

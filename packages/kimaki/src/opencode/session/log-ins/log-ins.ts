/**
 * Logging in at providers, and out. What OpenCode says of a call that carries a key or a code is never told on: it may repeat what it was
 * given. The key of a log-in that succeeds is learned with all others, from OpenCode's own file (`secrets/stored-secrets.ts`).
 */
import { AgentRefused, AgentUnavailable } from '../../../base/errors.ts'
import type { Inputs, LogInBegun, LogInEnd, OAuthStep } from '../../../ports/agent/log-ins.ts'
import type * as api from '../../wire/api.ts'
import type { Call, CallError, Http } from '../../wire/http.ts'
import { read } from '../../wire/read.ts'

/** A person logs in elsewhere meanwhile. Discord takes the answer for 15 minutes. */
const FINISH_MS = 600_000
/** A timer may be that early. */
const TIMER_MS = 50
/** A provider is asked over the network. */
const PROVIDER_MS = 60_000

export async function setKey(
  http: Http,
  provider: string,
  { key, more }: { readonly key: string; readonly more: Inputs },
): Promise<undefined | CallError> {
  const body: api.KeyBody = { type: 'api', key, ...(Object.keys(more).length > 0 && { metadata: more }) }
  const answer = await http.call({ method: 'PUT', path: `/auth/${encodeURIComponent(provider)}`, body })
  return answer instanceof Error ? silenced(answer) : undefined
}

export async function removeKey(http: Http, provider: string): Promise<undefined | CallError> {
  const answer = await http.call({ method: 'DELETE', path: `/auth/${encodeURIComponent(provider)}` })
  return answer instanceof Error ? answer : undefined
}

export async function beginLogIn(
  http: Http,
  directory: string,
  { provider, method }: OAuthStep,
  inputs: Inputs,
): Promise<LogInBegun | 'failed' | CallError> {
  const body: api.AuthorizeBody = { method, ...(Object.keys(inputs).length > 0 && { inputs }) }
  const answer = await http.call(oauth(directory, provider, 'authorize', body))
  if (answer instanceof AgentRefused) return 'failed'
  if (answer instanceof Error) return answer
  const begun = read<api.Authorization>(answer.json)
  const url = begun.text('url')
  if (url === undefined) return 'failed'
  const by = begun.text('method') === 'auto' ? 'auto' : 'code'
  return { url, by, instructions: begun.text('instructions') ?? '', forMs: FINISH_MS }
}

export async function finishLogIn(
  http: Http,
  directory: string,
  { provider, method }: OAuthStep,
  code: string | undefined,
): Promise<LogInEnd | CallError> {
  const body: api.CallbackBody = { method, ...(code !== undefined && { code }) }
  const deadlineMs = code === undefined ? FINISH_MS : PROVIDER_MS
  const begunAt = performance.now()
  const answer = await http.call({ ...oauth(directory, provider, 'callback', body), deadlineMs })
  if (!(answer instanceof Error)) return 'done'
  if (answer instanceof AgentUnavailable && performance.now() - begunAt > deadlineMs - TIMER_MS) return 'late'
  if (!(answer instanceof AgentRefused)) return answer
  return ENDS[String(answer.reason)] ?? (answer.status === 400 ? 'refused' : 'failed')
}

/** By the names of OpenCode's errors. */
const ENDS: Readonly<Record<string, LogInEnd>> = {
  ProviderAuthOauthMissing: 'forgotten',
  ProviderAuthOauthCallbackFailed: 'refused',
}

const oauth = (directory: string, provider: string, step: 'authorize' | 'callback', body: unknown): Call => ({
  method: 'POST',
  path: `/provider/${encodeURIComponent(provider)}/oauth/${step}`,
  directory,
  body,
  deadlineMs: PROVIDER_MS,
})

const silenced = (error: CallError): CallError =>
  error instanceof AgentRefused ? new AgentRefused({ status: error.status, reason: 'OpenCode did not take the key' }) : error

/**
 * Sends a request of a model with the first account that is not used up. One that the provider refuses for the account's sake is sent again with the
 * next account, so OpenCode never learns of it: no run ends, and nothing is read anew.
 */
import { judge, mayRefuse, type Refusal } from './refusal.ts'
import { withoutWords } from './no-words.ts'
import { accountsOf, cool, coolDownOf, insteadOf, type Account, type CoolDown, type Model } from './stored.ts'

export interface Rotation {
  /** The file with the list, and the folder of what is used up. */
  readonly file: string
  readonly coolDowns: string
  readonly provider: string
  /** Unix ms. */
  readonly now: () => number
  /** Somebody is told that the account is used up, and by which the request goes on. */
  readonly tell: (used: string, found: CoolDown, next: string | undefined) => void
  /** The run is to go on with this model. False: it cannot. */
  readonly handOver: (model: Model) => Promise<boolean>
}

export interface Asked {
  readonly url: string
  /** Undefined: it can be sent once only. */
  readonly body: string | undefined
}

export type Send = (headers: Headers) => Promise<Response>

export async function rotate(rotation: Rotation, headers: Headers, asked: Asked, send: Send): Promise<Response> {
  const { file, coolDowns, provider, now, tell } = rotation
  const accounts = accountsOf(file, provider)
  if (accounts.length === 0) return send(headers)
  const free = (): readonly Account[] => accounts.filter((account) => !coolDownOf(coolDowns, provider, account, now()))
  const tried = new Set<string>()
  for (let account = free()[0]; account; account = free().find(({ key }) => !tried.has(key))) {
    tried.add(account.key)
    const response = await send(withKey(headers, account.key))
    if (!mayRefuse(response.status)) return response
    const refusal: Refusal = { status: response.status, headers: response.headers, body: await response.text() }
    const found = judge(refusal, now())
    if (!found) return again(response, refusal)
    const isNews = cool(coolDowns, { provider, account }, found, now())
    const next = free().find(({ key }) => !tried.has(key))
    if (isNews) tell(account.label, found, next?.label)
    if (asked.body === undefined || (!next && free().length > 0)) return again(response, refusal)
  }
  const instead = insteadOf(file, coolDowns, provider, now())
  const handed = instead && (await handedOver(rotation, asked, instead))
  if (handed) return handed
  const coolDownsNow = accounts.map((account) => coolDownOf(coolDowns, provider, account, now()))
  return usedUp(provider, { coolDowns: coolDownsNow, instead, now: now() })
}

async function handedOver({ handOver }: Rotation, { url, body }: Asked, instead: Model): Promise<Response | undefined> {
  const answer = body === undefined ? undefined : withoutWords(url, body)
  return answer && (await handOver(instead)) ? answer : undefined
}

/** Where its kind of provider has the key: all of these that the request has. */
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key', 'api-key']

function withKey(headers: Headers, key: string): Headers {
  const own = new Headers(headers)
  const places = KEY_HEADERS.filter((name) => own.has(name))
  for (const name of places) own.set(name, key)
  if (places.length === 0 || own.has('authorization')) own.set('authorization', `Bearer ${key}`)
  return own
}

/** Its body has been read. */
const again = ({ status, statusText, headers }: Response, { body }: Refusal): Response => {
  const own = new Headers(headers)
  for (const name of ['content-encoding', 'content-length']) own.delete(name)
  return new Response(body, { status, statusText, headers: own })
}

interface UsedUp {
  readonly coolDowns: readonly (CoolDown | undefined)[]
  /** What the next message is answered by: the run could not go on with it. */
  readonly instead: Model | undefined
  readonly now: number
}

/**
 * OpenCode waits for as long as a 429 says, and asks again; a 401 ends the run, where waiting is of no use. The body has the fields in which
 * providers of all kinds tell why; OpenCode also looks there for words of a limit.
 */
function usedUp(provider: string, { coolDowns, instead, now }: UsedUp): Response {
  const times = coolDowns.flatMap((one) => (typeof one?.until === 'number' ? [one.until] : []))
  const free = times.length > 0 ? Math.min(...times) : undefined
  const end = { type: 'authentication_error', code: 401, status: 'UNAUTHENTICATED', param: null }
  if (instead) {
    const message = `every account of ${provider} is used up: write once more, and ${nameOf(instead)} goes on`
    return Response.json({ type: 'error', error: { ...end, message } }, { status: 401 })
  }
  if (free === undefined) {
    const message = `no account of ${provider} can log in: see \`kimaki multioauth list\` on the machine`
    return Response.json({ type: 'error', error: { ...end, message } }, { status: 401 })
  }
  const message = `every account of ${provider} is used up, the first is free at ${clockOf(free)}`
  const error = { type: 'rate_limit_error', code: 429, status: 'RESOURCE_EXHAUSTED', param: null, message }
  const headers = { 'retry-after-ms': String(Math.max(free - now, 1)) }
  return Response.json({ type: 'error', error }, { status: 429, headers })
}

export const nameOf = ({ providerID, modelID }: Model): string => `${providerID}/${modelID}`

/** `2030-01-01 14:05 UTC` */
export const clockOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/**
 * Several accounts of one provider. OpenCode gives a plugin no place in the way of a request that the user's own plugins would not lose by it
 * (docs/decisions/0015), so a hook marks each request of a provider that has accounts, and the `fetch` of this process looks for the mark:
 *
 *     chat.headers ──mark──▶ OpenCode's client of the provider ──fetch──▶ no mark: as ever
 *                                                                   └──▶ mark: taken off, sent with an account's key
 *
 * A provider whose requests a plugin sends by itself is never marked. Without a list of accounts there is neither a hook nor another `fetch`.
 */
import { existsSync } from 'node:fs'
import type { Hooks, PluginInput, UserMessage } from '../opencode.ts'
import { handOver as handOverStep } from './hand-over.ts'
import { tellIn } from '../tell.ts'
import { clockOf, nameOf, rotate, type Rotation } from './rotate.ts'
import { accountsBeside, accountsOf, coolDownsOf, insteadOf, type CoolDown } from './stored.ts'

const MARK = 'x-kimaki-account'
const PATCHED = Symbol.for('kimaki.accounts')

/** Requests that are marked, by their marks; each belongs to a session. */
const marked = new Map<string, Rotation>()

/**
 * A message for a provider whose accounts are all used up is answered by the next model in the person's order. OpenCode keeps the message as the
 * hook leaves it.
 */
export function goOnWithAnother(links: string, client: PluginInput['client'], message: UserMessage): void {
  const { model, sessionID } = message
  const file = accountsBeside(links)
  if (!model || !existsSync(file)) return
  const instead = insteadOf(file, coolDownsOf(process.env), model.providerID, Date.now())
  if (!instead) return
  message.model = instead
  tellIn(client, sessionID, `every account of ${model.providerID} is used up: ${nameOf(instead)} answers`)
}

/** `links`: see `KIMAKI_AGENT_LINKS`. */
export function accountHooks(links: string, client: PluginInput['client']): Pick<Hooks, 'chat.headers'> {
  const file = accountsBeside(links)
  if (!existsSync(file)) return {}
  replaceFetch()
  const coolDowns = coolDownsOf(process.env)
  return {
    async 'chat.headers'({ sessionID, agent, provider }, { headers }) {
      if (provider.options?.['fetch'] !== undefined || accountsOf(file, provider.id).length === 0) return
      const mark = `${sessionID} ${encodeURIComponent(provider.id)} ${encodeURIComponent(agent)}`
      const tell: Rotation['tell'] = (...found) => tellIn(client, sessionID, textOf(provider.id, ...found))
      const handOver: Rotation['handOver'] = async (model) => {
        if (ASIDE.has(agent) || !(await handOverStep(client, { session: sessionID, agent }, model))) return false
        tellIn(client, sessionID, `every account of ${provider.id} is used up: ${nameOf(model)} goes on`)
        return true
      }
      remember(mark, { file, coolDowns, provider: provider.id, now: Date.now, tell, handOver })
      headers[MARK] = mark
    },
  }
}

/** Agents of OpenCode that are asked beside the steps of a run: an answer without words is all that would come of it. */
const ASIDE: ReadonlySet<string> = new Set(['title', 'summary', 'compaction'])

/** Sessions of one server. The oldest is forgotten: its next request is marked anew. */
const MOST = 1000

function remember(mark: string, rotation: Rotation): void {
  marked.delete(mark)
  const [oldest] = marked.keys()
  if (oldest !== undefined && marked.size >= MOST) marked.delete(oldest)
  marked.set(mark, rotation)
}

function textOf(provider: string, used: string, { until, why }: CoolDown, next: string | undefined): string {
  const back = until === null ? 'until somebody clears it (`kimaki multioauth clear`)' : `until ${clockOf(until)}`
  const on = next === undefined ? 'no other account is free' : `going on with the account ${next}`
  return `${provider}: the account ${used} is out ${back}, because ${why}; ${on}`
}

/** Once a process: all its folders share this module. */
function replaceFetch(): void {
  const real = globalThis.fetch
  if (PATCHED in real) return
  const ours: typeof fetch = async (input, init) => {
    const mark = init?.headers === undefined ? null : new Headers(init.headers).get(MARK)
    if (mark === null) return real(input, init)
    const headers = new Headers(init?.headers)
    headers.delete(MARK)
    const send = (own: Headers): Promise<Response> => real(input, { ...init, headers: own })
    const rotation = marked.get(mark)
    if (!rotation) return send(headers)
    const url = input instanceof Request ? input.url : String(input)
    return rotate(rotation, headers, { url, body: typeof init?.body === 'string' ? init.body : undefined }, send)
  }
  // Bun's has more than a call.
  globalThis.fetch = Object.assign(ours, real, { [PATCHED]: true })
}

/** Log-ins at providers: their keys lie in a file, for all folders, and count for a folder when it is read again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { number, record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { dataFolder } from '../config/files.ts'
import type { Environment } from '../config/files.ts'
import type { Instance } from '../config/instance.ts'
import { providersPage } from '../config/models.ts'
import { logInsOf } from '../config/plugins.ts'
import type { Authorization } from '../config/plugins.ts'
import { about, ok } from './route.ts'
import type { Reply, Route } from './route.ts'

/** Log-ins that were begun, by their provider: with the folder they are forgotten. */
const PENDING = new WeakMap<Instance, Map<string, Authorization>>()

export const LOG_IN_ROUTES: readonly Route[] = [
  about.folder('GET /provider', ({ instance: { config } }) => {
    const { providers, ...page } = providersPage(config)
    const all = providers as readonly { readonly id: string }[]
    return ok({ ...page, all, connected: all.map(({ id }) => id) })
  }),
  about.folder('GET /provider/auth', async ({ instance }) => {
    const methods = Object.entries(await logInsOf(instance))
    return ok(
      Object.fromEntries(methods.map(([id, all]) => [id, all.map(({ type, label, prompts }) => ({ type, label, prompts }))])),
    )
  }),
  about.folder('POST /provider/:providerID/oauth/authorize', async ({ instance, params: { providerID = '' }, body }) => {
    const method = (await logInsOf(instance))[providerID]?.[number(body['method']) ?? -1]
    if (!method) throw new Error(`no way to log in at ${providerID}`)
    if (method.type !== 'oauth' || !method.authorize) return ok(null)
    const authorization = await method.authorize(record(body['inputs']))
    PENDING.set(instance, (PENDING.get(instance) ?? new Map<string, Authorization>()).set(providerID, authorization))
    const { url, method: by, instructions } = authorization
    return ok({ url, method: by, instructions })
  }),
  about.folder('POST /provider/:providerID/oauth/callback', async (call) => {
    const { instance, params, body, server } = call
    const { providerID = '' } = params
    const authorization = PENDING.get(instance)?.get(providerID)
    if (!authorization) return refused('ProviderAuthOauthMissing', { providerID })
    const { type, key, ...token } = await authorization.callback(text(body['code']))
    if (type !== 'success') return refused('ProviderAuthOauthCallbackFailed', {})
    change(server.environment, (all) => ({
      ...all,
      [providerID]: key === undefined ? { type: 'oauth', ...token } : { type: 'api', key },
    }))
    return ok(true)
  }),
  about.server('PUT /auth/:providerID', ({ server, params: { providerID = '' }, body }) => {
    if (text(body['key']) === undefined) return refused('BadRequest', { message: 'Missing key\n  at ["key"]', kind: 'Payload' })
    change(server.environment, (all) => ({ ...all, [providerID]: body }))
    return ok(true)
  }),
  about.server('DELETE /auth/:providerID', ({ server, params: { providerID = '' } }) => {
    change(server.environment, ({ [providerID]: _gone, ...others }) => others)
    return ok(true)
  }),
]

const refused = (name: string, data: Json): Reply => ({ status: 400, json: { name, data } })

function change(environment: Environment, next: (all: Json) => Json): void {
  const folder = dataFolder(environment)
  const file = join(folder, 'auth.json')
  const all = existsSync(file) ? record(JSON.parse(readFileSync(file, 'utf8'))) : {}
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, JSON.stringify(next(all), undefined, 2), { mode: 0o600 })
}

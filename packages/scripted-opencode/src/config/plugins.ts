/** The plugins that lie in a folder, as far as they say how one logs in at a provider. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Json } from '../base/json.ts'
import type { Instance } from './instance.ts'

export interface LogInMethod {
  readonly type: 'oauth' | 'api'
  readonly label: string
  readonly prompts?: readonly Json[]
  readonly authorize?: (inputs: Json) => Promise<Authorization>
}

export interface Authorization {
  readonly url: string
  readonly instructions: string
  readonly method: 'code' | 'auto'
  /** `success` comes with a `key`, or with the fields of an OAuth token. */
  readonly callback: (code?: string) => Promise<Json>
}

export type LogIns = Readonly<Record<string, readonly LogInMethod[]>>

interface Plugin {
  readonly auth?: { readonly provider: string; readonly methods: readonly LogInMethod[] }
}

/** Each plugin is called once for each reading of a folder. */
const READ = new WeakMap<Instance, Promise<LogIns>>()

export function logInsOf(instance: Instance): Promise<LogIns> {
  const known = READ.get(instance) ?? readLogIns(instance.directory)
  READ.set(instance, known)
  return known
}

async function readLogIns(directory: string): Promise<LogIns> {
  const folder = join(directory, '.opencode', 'plugin')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.[jt]s$/.test(name)) : []
  const plugins: Plugin[] = []
  for (const name of names) {
    const exported = (await import(pathToFileURL(join(folder, name)).href)) as Readonly<Record<string, unknown>>
    for (const make of Object.values(exported))
      if (typeof make === 'function') plugins.push(await (make as (about: Json) => Promise<Plugin>)({ directory }))
  }
  return Object.fromEntries(plugins.flatMap(({ auth }) => (auth ? [[auth.provider, auth.methods]] : [])))
}

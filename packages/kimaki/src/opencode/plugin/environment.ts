/**
 * Hands our plugin to a server, by its environment alone: nothing is written into a project or into the user's own configuration.
 *
 *     OPENCODE_CONFIG           a file of ours that names the plugin. OpenCode merges it with all other configuration.
 *     OPENCODE_CONFIG_CONTENT   the same as text, where the user names a file of their own: that one stays in force.
 *     npm_config_fetch_retries  0: with any plugin OpenCode installs `@opencode-ai/plugin` into each of its configuration folders
 *                               and opens a project only after that. Without a registry its three tries take 70 s, one takes none.
 *     KIMAKI_AGENT_LINKS        where the plugin finds the bot.
 *
 * The shell of the agent gets all of it as the user has it (`secrets/agent-shell.ts`).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Environment = Readonly<Record<string, string | undefined>>

/** Files of this folder say where the bot is, one for each project. */
export const linksIn = (dataDir: string): string => join(dataDir, 'agent-links')

/** What to add. Nothing where there is no plugin, or where the configuration of the user leaves no room for it. */
export function pluginEnvironment(dataDir: string, user: Environment, plugin = findPlugin()): Readonly<Record<string, string>> {
  const named = plugin === undefined ? undefined : namedIn(dataDir, user, pathToFileURL(plugin).href)
  if (!named) return {}
  const isRetrySet = Object.keys(user).some((name) => /^npm_config_fetch_retries$/i.test(name))
  return { ...named, ...(!isRetrySet && { [NO_RETRIES]: '0' }), KIMAKI_AGENT_LINKS: linksIn(dataDir) }
}

const NO_RETRIES = 'npm_config_fetch_retries'

/** Beside the bundle, or in the checkout. */
function findPlugin(): string | undefined {
  const places = ['opencode-plugin.js', '../../../../opencode-plugin/src/main.ts']
  return places.map((place) => join(import.meta.dirname, place)).find((path) => existsSync(path))
}

function namedIn(dataDir: string, user: Environment, plugin: string): Readonly<Record<string, string>> | undefined {
  const named = JSON.stringify({ plugin: [plugin] })
  if (!user['OPENCODE_CONFIG']) {
    const file = join(dataDir, 'opencode-config.json')
    return keep(dataDir, file, named) ? { OPENCODE_CONFIG: file } : undefined
  }
  const content = user['OPENCODE_CONFIG_CONTENT']
  const both = content ? withPlugin(content, plugin) : named
  return both === undefined ? undefined : { OPENCODE_CONFIG_CONTENT: both }
}

/** Undefined for a text with comments, or a broken one: it stays as it is. */
function withPlugin(content: string, plugin: string): string | undefined {
  try {
    const config = JSON.parse(content) as { readonly plugin?: unknown }
    const others: readonly unknown[] = Array.isArray(config.plugin) ? config.plugin : []
    return JSON.stringify({ ...config, plugin: [...others, plugin] })
  } catch {
    return undefined
  }
}

/** A server that starts may just be reading it: it is replaced, never written into. False on a disk that takes nothing. */
function keep(dataDir: string, file: string, text: string): boolean {
  try {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return true
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.new`, text, { mode: 0o600 })
    renameSync(`${file}.new`, file)
    return true
  } catch {
    return false
  }
}

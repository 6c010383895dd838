/**
 * What a folder brings that OpenCode loads by itself: programs that run at the first message, and what guides the agent. A repository that
 * was cloned may carry all of it. For use in `Folders.within`.
 */
import { createHash } from 'node:crypto'
import { basename, extname, join, resolve } from 'node:path'
import type { Folders } from '../../ports/host.ts'
import { CONFIG_NAMES } from './config-text.ts'
import { repositoryOf, upwards } from './hazards.ts'
import { walk } from './walk.ts'

export interface Brought {
  /** Lines that name what runs as the user of the bot, e.g. `plugin .opencode/plugin/x.ts`. */
  readonly programs: readonly string[]
  /** Lines that name agents, commands and skills. */
  readonly words: readonly string[]
}

/** Folders below `.opencode`: of code, of Markdown. */
const CODE = ['plugin', 'plugins', 'tool', 'tools']
const MARKDOWN = ['agent', 'agents', 'mode', 'modes', 'command', 'commands', 'skill', 'skills']
/** Fields of a configuration whose values are programs by name. */
const PROGRAMS = { mcp: 'MCP server', lsp: 'language server', formatter: 'formatter' } as const

export async function broughtBy(directory: string, folders: Pick<Folders, 'read' | 'present'>): Promise<Brought> {
  const top = await repositoryOf(directory, folders)
  const programs: string[] = []
  const words: string[] = []
  for (const folder of upwards(resolve(directory))) {
    const ofOpenCode = join(folder, '.opencode')
    for (const place of [folder, ofOpenCode])
      for (const name of CONFIG_NAMES) programs.push(...programsIn(await folders.read(join(place, name))))
    programs.push(...(await filesBelow(ofOpenCode, CODE, ['.js', '.ts', '.mjs', '.cjs'])))
    words.push(...(await filesBelow(ofOpenCode, MARKDOWN, ['.md'])))
    if (folder === top) break
  }
  return { programs: bounded(programs), words }
}

/** A repository may name more than can be read or kept. What is left out counts all the same: another rest is another line. */
function bounded(lines: readonly string[]): readonly string[] {
  const shown = lines.map((line) => (line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}… (${digest(line)})`))
  if (shown.length <= MOST_LINES) return shown
  const rest = lines.slice(MOST_LINES)
  return [...shown.slice(0, MOST_LINES), `${rest.length} more (${digest(rest.join('\n'))})`]
}

const LONGEST_LINE = 200
const MOST_LINES = 100
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** Of the text of a configuration; one that cannot be parsed is told elsewhere, and nothing of it is loaded. */
export function programsIn(text: string | undefined): readonly string[] {
  const config = parsed(text)
  const plugins = Array.isArray(config['plugin']) ? config['plugin'] : []
  const named = Object.entries(PROGRAMS).flatMap(([field, kind]) =>
    Object.entries(record(config[field])).map(([name, value]) => `${kind} ${name}${commandOf(value)}`),
  )
  return [...plugins.map((plugin) => `plugin ${String(Array.isArray(plugin) ? plugin[0] : plugin)}`), ...named]
}

function commandOf(value: unknown): string {
  const { command, url } = record(value)
  const words = Array.isArray(command) ? command.join(' ') : (command ?? url)
  return typeof words === 'string' ? `: ${words}` : ''
}

async function filesBelow(ofOpenCode: string, kinds: readonly string[], endings: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const kind of kinds) {
    const { files } = await walk(join(ofOpenCode, kind))
    const wanted = files.filter((file) => endings.includes(extname(file)))
    found.push(...wanted.map((file) => `${kind.replace(/s$/, '')} ${basename(file)}`))
  }
  return found
}

/** Comments, and commas before a closing bracket, outside of texts: OpenCode reads JSONC. */
const NOT_JSON = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=\s*[}\]])/g

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse((text ?? '').replaceAll(NOT_JSON, '$1')))
  } catch {
    return {}
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}

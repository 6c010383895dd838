/** Commands (`GET /command`), and the words that a call of one makes (`POST /session/{id}/command`). */
import { exec } from 'node:child_process'
import type { MarkdownFile } from './files.ts'
import { record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'

export interface Command {
  readonly name: string
  readonly description: string
  readonly agent?: string
  readonly model?: string
  readonly source: 'command'
  readonly template: string
  readonly hints: readonly string[]
}

export function commandsOf(config: Json, files: readonly MarkdownFile[]): readonly Command[] {
  const own = [
    command('init', {
      description: 'guided AGENTS.md setup',
      template: 'Create or update `AGENTS.md` for this repository.\n$ARGUMENTS',
    }),
    command('review', { description: 'review changes', template: 'Review the changes.\n$ARGUMENTS' }),
  ]
  const configured = Object.entries(record(config['command'])).map(([name, value]) => command(name, record(value)))
  const written = files.map(({ name, head, body }) => command(name, { ...head, template: body }))
  return [...new Map([...own, ...configured, ...written].map((each) => [each.name, each])).values()]
}

function command(name: string, { description, agent, model, template: words }: Json): Command {
  const template = text(words) ?? ''
  return {
    name,
    description: text(description) ?? '',
    ...(typeof agent === 'string' && { agent }),
    ...(typeof model === 'string' && { model }),
    source: 'command',
    template,
    hints: [...new Set(template.match(/\$(?:\d+|ARGUMENTS)/g))],
  }
}

/**
 * `$1` and so on are replaced by the arguments, split as a shell would, the last of them by all that are left; `$ARGUMENTS` by all of
 * them; what stands in `` !`…` `` by what it prints, run in `directory`. A template without a place for them gets the arguments behind it.
 */
export async function expand(template: string, args: string, directory: string): Promise<string> {
  const words = (args.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll(/^["']|["']$/g, ''))
  const last = Math.max(0, ...[...template.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits)))
  const numbered = template.replaceAll(/\$(\d+)/g, (_, digits: string) => {
    const index = Number(digits) - 1
    return (index + 1 === last ? words.slice(index).join(' ') : words[index]) ?? ''
  })
  const isPlaced = last > 0 || template.includes('$ARGUMENTS')
  const filled = numbered.replaceAll('$ARGUMENTS', () => args)
  const whole = isPlaced || args.trim() === '' ? filled : `${filled}\n\n${args}`
  const outputs = await Promise.all([...whole.matchAll(SHELL)].map(([, line = '']) => printed(line, directory)))
  return whole.replaceAll(SHELL, () => outputs.shift() ?? '').trim()
}

const SHELL = /!`([^`]+)`/g

function printed(line: string, cwd: string): Promise<string> {
  return new Promise((resolve) => exec(line, { cwd }, (_failure, stdout) => resolve(stdout)))
}

/** Which commands fit what is typed after a `/`. Pure. */
import type { Command } from '../../wire.ts'

/** Those that begin with it, then those with it in their name, then in what they do. Nothing for words that begin no command. */
export function commandsFor(typed: string, commands: readonly Command[]): readonly Command[] {
  const query = /^\/([^\n]{0,100})$/.exec(typed)?.[1]?.trimStart().toLowerCase()
  if (query === undefined) return []
  const place = ({ line, description }: Command): number => {
    if (line.startsWith(query)) return 0
    return line.includes(query) ? 1 : description.toLowerCase().includes(query) ? 2 : NOWHERE
  }
  return commands.filter((one) => place(one) < NOWHERE).toSorted((one, other) => place(one) - place(other))
}

/** The command that is typed in full, with a space behind it, and is the beginning of no other. */
export function commandTyped(typed: string, commands: readonly Command[]): Command | undefined {
  const line = /^\/([^\n]+) $/.exec(typed)?.[1]
  const begun = commands.filter((one) => one.line === line || one.line.startsWith(`${line} `))
  return begun.length === 1 && begun[0]?.line === line ? begun[0] : undefined
}

const NOWHERE = 3

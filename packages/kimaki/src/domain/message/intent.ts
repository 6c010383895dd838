/** What a person wants with a message, read off their own words: before files, quotes or anything else is added to them. */
import { takeSuffix } from './suffix.ts'

export type Intent =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'queue'; readonly text: string }
  | { readonly kind: 'btw'; readonly text: string }
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'command'; readonly name: string; readonly args: string; readonly queue: boolean }

/**
 * In this order, the first that fits:
 *
 * - `!command` runs the whole rest in a shell, a suffix included: `!` says that nothing of it is ours. A lone `!` is a prompt, and so is
 *   what begins with `!!` or `!?`: nobody starts a command like that, but people exclaim so.
 * - `… btw` is a question aside, `. btw` alone one without words: about the files beside it. A bare `btw` is a prompt.
 * - `/command` at the very start is the agent's command if `isCommand` knows it, and all that follows, on every line, its arguments;
 *   `queue` says that it waits for its turn. An unknown one is text, as is one further down.
 * - `… queue` waits for its turn. A bare `queue` has an empty text: what waits are the files beside it, or nothing at all.
 * - Everything else is a prompt, its text untouched; an empty one may still have files or quotes beside it.
 *
 * One suffix is read, the last: the text of the others is never read again (`x. btw. queue` queues `x. btw`).
 * `isCommand` is asked for the name as it was typed, then without the mark that Discord's command names carry.
 */
export function intentOf(text: string, isCommand: (name: string) => boolean): Intent {
  const shell = shellCommand(text)
  if (shell !== undefined) return { kind: 'shell', command: shell }
  const { suffix, rest } = takeSuffix(text)
  if (suffix === 'btw') return { kind: 'btw', text: rest }
  const command = leadingCommand(rest, isCommand)
  if (command) return { kind: 'command', ...command, queue: suffix === 'queue' }
  return { kind: suffix ?? 'prompt', text: rest }
}

/** What a message that starts with `!` wants to be run; undefined when it is none, or has nothing to run. */
export function shellCommand(text: string): string | undefined {
  const words = text.trim()
  return COMMAND_LINE.test(words) ? words.slice(1).trim() || undefined : undefined
}

/** Worth asking whether there is such a command. */
export const mayBeCommand = (text: string): boolean => LEADING.test(text)

export function leadingCommand(
  text: string,
  isCommand: (name: string) => boolean,
): { readonly name: string; readonly args: string } | undefined {
  const [all, token = ''] = LEADING.exec(text) ?? []
  if (all === undefined) return undefined
  const name = [token, token.replace(DISCORD_MARK, '')].find((each) => each !== '' && isCommand(each))
  return name === undefined ? undefined : { name, args: text.slice(all.length).trim() }
}

const COMMAND_LINE = /^!(?![!?])/
const LEADING = /^\s*\/(\S+)/
/** Commands of the agent have a name of their own in Discord, by where they come from. */
const DISCORD_MARK = /-(?:cmd|skill|mcp-prompt)$/

/**
 * Names of threads: first from the message that opens them, then from the title OpenCode gives the session. A name is one visible line
 * of at most 100 characters, and Discord shows it as it stands: mentions in it would be ids, and Markdown would be signs.
 */
import { cut, oneLine, stripControl, withoutDirection } from '../base/text.ts'

export function threadNameFrom(titleText: string): string {
  return clean(titleText, FIRST_NAME_MAX) ?? UNNAMED
}

/** A thread for a question aside. */
export function btwNameFrom(titleText: string): string {
  return BTW + (clean(titleText, NAME_MAX - BTW.length) ?? UNNAMED)
}

/** The thread of a session that was begun in a terminal: it has a title, or the words it began with. */
export function syncNameFrom(title: string, words: string): string {
  const isNamed = !PLACEHOLDERS.some((start) => title.trimStart().startsWith(start))
  return SYNC + (clean(isNamed ? title : words, NAME_MAX - SYNC.length) ?? UNNAMED)
}

/** The name a session's title asks for; undefined when OpenCode has not named it yet. */
export function threadNameForTitle(title: string, currentName: string): string | undefined {
  if (PLACEHOLDERS.some((start) => title.trimStart().startsWith(start))) return undefined
  const whole = clean(title, NAME_MAX)
  const prefix = PREFIXES.find((start) => currentName.startsWith(start) && !whole?.startsWith(start)) ?? ''
  const name = prefix === '' ? whole : clean(title, NAME_MAX - prefix.length)
  return name === undefined ? undefined : prefix + name
}

/** A name that Discord takes, whoever made it: cut between characters, never empty. */
export const fittingName = (name: string): string => cut(name.trim().toWellFormed(), NAME_MAX, '') || UNNAMED

/** Of a thread without a name of its own: nothing in the message could be one, or Discord refused it. */
export const UNNAMED = 'kimaki thread'

/** One visible line, or undefined when nothing of it would be seen. */
function clean(text: string, max: number): string | undefined {
  const words = withoutDirection(stripControl(text.trimStart().slice(0, LOOKED_AT)).toWellFormed())
  const plain = SIGNS.reduce((left, [sign, words]) => left.replaceAll(sign, words), words)
  const line = oneLine(plain)
  return VISIBLE.test(line) ? cut(line, max).trim() : undefined
}

/** No name needs more of a text, however long it is. */
const LOOKED_AT = 2000

/** In this order, what a reader should not see as it was written, and what stands for it. What is left around code and paths stays. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  // Quotes, headings, small print and items of lists, where a line begins.
  [/^[ \t]*(?:(?:>{1,3}|-?#{1,6}|[-*+])[ \t]+)+/gm, ''],
  [/(?<!\w)!?\[([^\][\n]+)\]\(<?https?:[^()\s<>]*>?\)/g, '$1'],
  [/`+/g, ''],
  [/(?<![\w/*])(\*{1,3})(?=[^\s*])([^*\n]+?)(?<=\S)\1(?![\w/*])/g, '$2'],
  [/(?<!\w)(~~|\|\|)(?=[^\s~|])([^~|\n]+?)(?<=\S)\1(?!\w)/g, '$2'],
  [/(?<!\S)(_{1,3})(?=[^\s_])([^_\n]* [^_\n]*?)(?<=\S)\1(?!\S)/g, '$2'],
  // Mentions of people, roles, channels and pages, commands, emoji, times (Discord docs: Reference > Message Formatting).
  [/<(?:@[!&]?|#)\d{1,21}>|<id:[\w-]+>|<t:-?\d{1,17}(?::\w)?>/g, ' '],
  [/<(\/[^:<>\n]+):\d{1,21}>|<a?(:\w{1,32}:)\d{1,21}>/g, '$1$2'],
  [/@+(?=everyone)|(?<!\w)@+(?=here\b)/gi, ''],
]

const FIRST_NAME_MAX = 80
/** Discord docs: Channel > name. */
const NAME_MAX = 100
/** Worktree, btw and fork threads keep their mark through renames. */
const BTW = 'btw: '
const SYNC = 'Sync: '
const PREFIXES = ['⬦ ', BTW, 'Fork: ', SYNC]
const PLACEHOLDERS = ['New session -', 'Child session -']
/** Letters and signs, but those that are drawn as nothing. */
const VISIBLE = /[^\s\p{C}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/u

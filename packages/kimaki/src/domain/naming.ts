/** Names of threads: first from the message that opens them, then from the title OpenCode gives the session. */
import { cut, oneLine, stripControl } from '../base/text.ts'

/** `titleText` has no mentions any more (a mention in a name would ping). */
export function threadNameFrom(titleText: string): string {
  return clean(titleText, FIRST_NAME_MAX) ?? UNNAMED
}

/** A thread for a question aside. */
export function btwNameFrom(titleText: string): string {
  return BTW + (clean(titleText, NAME_MAX - BTW.length) ?? UNNAMED)
}

/** The name a session's title asks for; undefined when OpenCode has not named it yet. */
export function threadNameForTitle(title: string, currentName: string): string | undefined {
  if (PLACEHOLDERS.some((start) => title.trimStart().startsWith(start))) return undefined
  const prefix = PREFIXES.find((start) => currentName.startsWith(start) && !title.startsWith(start)) ?? ''
  const name = clean(title, NAME_MAX - prefix.length)
  return name === undefined ? undefined : prefix + name
}

/** One visible line, or undefined when nothing of it would be seen. */
function clean(text: string, max: number): string | undefined {
  const line = oneLine(stripControl(text).toWellFormed())
  return VISIBLE.test(line) ? cut(line, max) : undefined
}

const UNNAMED = 'kimaki thread'
const FIRST_NAME_MAX = 80
/** Discord docs: Channel > name. */
const NAME_MAX = 100
/** Worktree, btw and fork threads keep their mark through renames. */
const BTW = 'btw: '
const PREFIXES = ['⬦ ', BTW, 'Fork: ']
const PLACEHOLDERS = ['New session -', 'Child session -']
const VISIBLE = /[^\s\p{C}]/u

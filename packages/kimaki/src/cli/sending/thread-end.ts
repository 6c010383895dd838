/** How a run ended, by what the bot has posted in its thread: for a program that has nothing but Discord. Pure. */
import type { Over } from '../sessions/wait.ts'

/** `*folder ⋅ branch ⋅ 12s ⋅ model*`: the line below an answer. */
const FOOTER = /^\*[^*\n]+ ⋅ .*\*$/s
/** Ends without an answer (`view/ends.ts`); cards of asks that were closed begin alike, and end nothing. */
const FAILED = /^(?:✗ (?!denied|not answered|declined|\*\*)|⬦ (?:stopped|interrupted|deleted before|not answered here))/
/** Of what the agent says; `┣`, `⬦`, `»` and the like begin other lines. */
const ANSWER = /^⬥ /
const OTHER = /^(?:[┣⬦✗✓»◼◐]|-# )/

/** Undefined: it goes on. `said`: messages of the bot, oldest first. */
export function endIn(said: readonly string[]): Pick<Over, 'ok' | 'text'> | undefined {
  const at = said.findIndex((text) => FOOTER.test(text) || FAILED.test(text))
  const end = said[at]
  if (end === undefined) return undefined
  return FOOTER.test(end) ? { ok: true, text: answerIn(said.slice(0, at)) } : { ok: false, text: end }
}

/** The last answer with the messages it goes on in. */
function answerIn(said: readonly string[]): string {
  const from = said.findLastIndex((text) => ANSWER.test(text))
  if (from === -1) return ''
  const until = said.findIndex((text, index) => index > from && OTHER.test(text))
  const answer = said.slice(from, until === -1 ? undefined : until)
  return answer.join('\n').replace(ANSWER, '')
}

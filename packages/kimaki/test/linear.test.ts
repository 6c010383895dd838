/**
 * What reads a text that somebody else wrote takes time in proportion to it. Measured as growth: eight times the text may cost three times
 * eight; by the square it would be sixty-four. The least of several tries counts, so that a busy machine fails nothing.
 */
import { describe, expect, test } from 'vitest'
import { redactShapes, Secrets } from '../src/base/redact.ts'
import { cut, forTerminal, isBlank, jsonForTerminal, oneLine, stripControl } from '../src/base/text.ts'
import { markAgentLines } from '../src/discord/layout/agent-lines.ts'
import { inDialect } from '../src/discord/layout/dialect.ts'
import { unbreakable } from '../src/discord/layout/inline.ts'
import { split } from '../src/discord/layout/split.ts'
import { resolveMentions, withoutMentions } from '../src/discord/inbound/content/mentions.ts'
import { quotesOf } from '../src/discord/inbound/content/quotes.ts'
import { message } from '../src/discord/wire/message.ts'
import { lookalikeOf } from '../src/domain/access.ts'
import { intentOf } from '../src/domain/message/intent.ts'
import { textTag } from '../src/domain/message/markup.ts'
import { takeSuffix } from '../src/domain/message/suffix.ts'
import { threadNameForTitle, threadNameFrom } from '../src/domain/naming.ts'
import { misreadFolder } from '../src/opencode/wire/misread-folder.ts'
import { failureOf } from '../src/opencode/wire/message.ts'
import { read as received } from '../src/opencode/wire/read.ts'
import { parseStartupFailure } from '../src/opencode/process/startup-failure.ts'
import { footerText } from '../src/view/text/footer.ts'
import { escapeInline } from '../src/view/text/markdown.ts'
import { failureText, plain } from '../src/view/text/notice.ts'
import { partText } from '../src/view/text/part.ts'
import { toolText } from '../src/view/text/tool.ts'
import { runs } from './support/runs.ts'

const secrets = new Secrets(['Qm9_t-T0ken.with-many-signs-in-it-4711', 'a'.repeat(40), '.'.repeat(20)])
const names = { user: () => undefined, role: () => undefined, channel: () => undefined } as never
const quoted = (content: string): unknown => {
  const read = message({
    id: '1',
    channel_id: '2',
    author: { id: '3', username: 'ann' },
    content,
    embeds: [{ type: 'rich', url: content.slice(0, 4000), title: 'x', description: content }],
  })
  return read instanceof Error ? read : quotesOf(read, names, () => names)
}
const tool = (input: Readonly<Record<string, unknown>>, name: string) =>
  toolText({ kind: 'tool', id: 'p', tool: name, state: 'running', input } as never)

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  redactShapes,
  'known secrets': (text) => secrets.clean(text),
  stripControl,
  forTerminal,
  jsonForTerminal,
  oneLine,
  isBlank,
  cut: (text) => cut(text, text.length - 1),
  markAgentLines,
  inDialect,
  unbreakable,
  split: (text) => split(text, 2000),
  resolveMentions: (text) => resolveMentions(text, names),
  withoutMentions,
  quotesOf: quoted,
  'names of roles': (name) => lookalikeOf({ id: '1', name, permissions: '0' }),
  intentOf: (text) => intentOf(text, () => false),
  textTag: (text) => textTag('t', {}, text),
  takeSuffix,
  threadNameFrom,
  threadNameForTitle: (text) => threadNameForTitle(text, 'x'),
  misreadFolder,
  parseStartupFailure,
  failureOf: (text) => failureOf(received({ name: 'X', data: { message: text } })),
  footerText: (text) => footerText({ folder: text, branch: text, durationMs: 1, model: text, agent: text }),
  escapeInline,
  plain: (text) => plain(text, 300),
  failureText: (text) => failureText({ name: 'APIError', message: text, status: undefined, provider: undefined }),
  partText: (text) => partText({ kind: 'text', id: 'p', text, closed: true } as never, 'tools_and_text'),
  'line of bash': (command) => tool({ command }, 'bash'),
  'line of a patch': (patchText) => tool({ patchText }, 'apply_patch'),
  'line of an edit': (text) => tool({ filePath: text, oldString: text, newString: text }, 'edit'),
  'line of another tool': (text) => tool({ text }, 'other'),
}

const UNITS = [
  '.',
  ' ',
  '\n',
  'a',
  '-',
  '_',
  '*',
  '`',
  '~',
  '|',
  '\\',
  '>',
  '<',
  '[',
  '(',
  '/',
  ':',
  '@',
  '#',
  '0',
  '"',
  '=',
  '\u001B',
  '\u200B',
  'a.',
  '. ',
  ' .',
  '](',
  '[a](',
  '<@',
  '<@1',
  '<:a',
  '```',
  '``` ',
  '```\n',
  '> ',
  '- ',
  '1. ',
  '**a',
  '_a ',
  '~~',
  '||',
  'a\n',
  '\r',
  '\u001B[',
  '\u001B]',
  '\u001B[0',
  '\u009B0',
  'http://',
  'https://a.',
  '://a:',
  'queue ',
  'queue.',
  'btw',
  '*** Add File: ',
  'Error: ',
  'sk-',
  'eyJ',
  '-----BEGIN ',
  'Bearer ',
  'password=',
  '⬦ ',
  '*⋅',
  '\n⬦',
  '%2',
  'AError: ',
  ' at ',
  ' at (',
  ' at a(a:1:',
  '😀',
  '\u0301',
  '🇫',
  '\uD83D',
  '!',
  '/a ',
]
const SHORT = 2000
const TIMES = 8
const MOST = 3 * TIMES
/** A shorter time is one of the clock and of the compiler. */
const CLOCK_MS = 2

describe.each(Object.entries(READERS))('V31: the time of %s grows as the text does', (name, read) => {
  test('whatever the text repeats', () => {
    expect(unitsFor(name).filter((unit) => growth(read, unit) >= MOST)).toEqual([])
  })
})

/** In `npm test` a quarter of them for each reader, another one for the next; all in `test:long`. */
function unitsFor(name: string): readonly string[] {
  const reader = Object.keys(READERS).indexOf(name)
  return runs(4) === 4 ? UNITS : UNITS.filter((_, index) => index % 4 === reader % 4)
}

test('V31: what takes the square of the text is told from what does not', () => {
  // Several times over, so that the short text takes longer than the clock can tell.
  const square = (text: string): unknown => Array.from({ length: 4 }, () => text.replace(/\s+x/, ''))
  expect(growth(square, ' ', 1)).toBeGreaterThan(MOST)
})

function growth(read: (text: string) => unknown, unit: string, most = 5): number {
  const of = (length: number): string => unit.repeat(Math.ceil(length / unit.length))
  const [short, long] = [of(SHORT), of(SHORT * TIMES)]
  let least = Infinity
  for (let tries = 0; tries < most && least >= MOST; tries += 1) {
    const took = cost(read, long)
    least = Math.min(least, took / Math.max(cost(read, short), CLOCK_MS))
  }
  return least
}

function cost(read: (text: string) => unknown, text: string): number {
  const { user, system } = process.threadCpuUsage()
  read(text)
  const after = process.threadCpuUsage()
  return (after.user - user + after.system - system) / 1000
}

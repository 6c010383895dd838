import { describe, expect, test } from 'vitest'
import type { AgentPart } from '../../src/domain/agent.ts'
import { VERBOSITIES, type Verbosity } from '../../src/domain/prefs.ts'
import { partText } from '../../src/view/text/part.ts'

const text = (value: string): AgentPart => ({ kind: 'text', id: 'prt_1', text: value, closed: true })
const reasoning: AgentPart = { kind: 'reasoning', id: 'prt_1', text: 'hm', closed: true }
const tool = (name: string, input: Readonly<Record<string, unknown>> = {}): AgentPart => ({
  kind: 'tool',
  id: 'prt_1',
  callId: 'call_1',
  tool: name,
  state: 'running',
  input,
  title: undefined,
  error: undefined,
})

describe('text', () => {
  test.each([
    ['Done.', '⬥ Done.'],
    ['  Done.\n\nMore \n', '⬥ Done.\n\nMore'],
    ['2024 was long', '⬥ 2024 was long'],
    ['\u001B[31mred\u001B[0m\r\nline', '⬥ red\nline'],
  ])('%j gets the glyph: %j', (raw, expected) => {
    expect(partText(text(raw), 'text_only')).toBe(expected)
  })

  test.each([
    '# Heading',
    '* item',
    '_italic_',
    '- item',
    '> quote',
    '`code`',
    '```js\ncode\n```',
    '~~~\ncode\n~~~',
    '[link](https://example.com)',
    '| a | b |',
    '1. one',
    '12. twelve',
    '<callout accent="#ff0000">x</callout>',
  ])('%j begins with Markdown and gets a line of its own', (raw) => {
    expect(partText(text(raw), 'text_only')).toBe(`\n${raw}`)
  })

  test.each(['', ' \n ', '\u0000\u0007'])('%j shows nothing', (raw) => {
    expect(partText(text(raw), 'tools_and_text')).toBeUndefined()
  })
})

describe('verbosity', () => {
  const shown = (part: AgentPart): readonly Verbosity[] =>
    VERBOSITIES.filter((verbosity) => partText(part, verbosity) !== undefined)
  const all = VERBOSITIES
  const essential: readonly Verbosity[] = ['text_and_essential_tools', 'tools_and_text']
  const full: readonly Verbosity[] = ['tools_and_text']

  test.each([
    ['text', text('a'), all],
    ['reasoning', reasoning, full],
    ['bash', tool('bash', { command: 'ls' }), essential],
    ['bash that says it changes something', tool('bash', { command: 'ls', hasSideEffect: true }), essential],
    ['bash that says it changes nothing', tool('bash', { command: 'ls', hasSideEffect: false }), full],
    ['edit', tool('edit', { filePath: 'a' }), essential],
    ['list', tool('list', { path: 'a' }), essential],
    ['webfetch', tool('webfetch', { url: 'a' }), essential],
    ['read', tool('read', { filePath: 'a' }), full],
    ['glob', tool('glob', { pattern: 'a' }), full],
    ['grep', tool('grep', { pattern: 'a' }), full],
    ['describe-media', tool('describe-media'), full],
    ['the read tool of an MCP server', tool('fs_read', { path: 'a' }), full],
    ['a tool that only sounds like it', tool('spread', { path: 'a' }), essential],
    ['the question tool', tool('question', { questions: [] }), []],
  ] as const)('%s', (_name, part, expected) => {
    expect(shown(part)).toEqual(expected)
  })
})

test('reasoning is one line, unless it is blank', () => {
  expect(partText(reasoning, 'tools_and_text')).toBe('┣ thinking')
  expect(partText({ kind: 'reasoning', id: 'prt_1', text: ' ', closed: false }, 'tools_and_text')).toBeUndefined()
})

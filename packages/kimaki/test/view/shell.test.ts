/** What a thread shows of a shell command. */
import { assert, constantFrom, property, record, string, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CommandEnd, ShellCommand } from '../../src/domain/conversation/features/shell.ts'
import { beginConversation, type Thread } from '../../src/domain/conversation/state.ts'
import type { Block } from '../../src/view/blocks.ts'
import { view } from '../../src/view/index.ts'

const base = {
  id: 'discord:1',
  message: { id: '1', author: { kind: 'person', id: '2', name: 'ada' }, titleText: '' },
  command: 'npm test',
  output: '',
} as const
const facts = {
  id: '1',
  install: 'i',
  guildId: '2',
  channelId: '3',
  directory: '/p',
  verbosity: 'text_only',
  inThread: true,
} as const

const blocks = (command: Partial<ShellCommand>, thread: Thread = { kind: 'open', id: '1' }): readonly Block[] =>
  view({ ...beginConversation(facts), thread, features: { shell: [{ ...base, phase: { kind: 'running' }, ...command }] } })
const ended = (end: CommandEnd, tookMs = 2000, more: Partial<ShellCommand> = {}): readonly Block[] =>
  blocks({ phase: { kind: 'ended', end, tookMs }, ...more })
const text = (all: readonly Block[]): string => all[0]?.text ?? ''

test.each<[CommandEnd, string]>([
  [{ kind: 'exited', code: 0, background: false }, 'exit 0 after 2s'],
  [{ kind: 'exited', code: 0, background: true }, 'exit 0 after 2s; what it left in the background goes on until the time limit'],
  [{ kind: 'killed', signal: 'SIGSEGV', background: false }, 'killed by SIGSEGV after 2s'],
  [{ kind: 'timed-out' }, 'timed out after 2s'],
  [{ kind: 'stopped', by: 'a*da' }, String.raw`stopped by **a\*da** after 2s`],
  [{ kind: 'stopped', by: undefined }, 'stopped after 2s: Kimaki was stopped'],
  [{ kind: 'not-run', text: '✗ no pipe' }, '✗ no pipe'],
])('%o is told in words', (end, words) => {
  expect(ended(end)).toMatchObject([{ key: 'shell/discord:1', text: `⬦ $ npm test\n${words}`, editable: true, buttons: [] }])
})

describe('the message of a command', () => {
  test('has a button as long as it can be pressed', () => {
    expect(blocks({})).toMatchObject([
      { text: '⬦ $ npm test\nrunning', buttons: [{ id: 'stop-shell:discord:1', label: 'Stop' }] },
    ])
    expect(blocks({ stoppedBy: 'ada' })).toMatchObject([{ text: '⬦ $ npm test\nstopping', buttons: [] }])
  })

  test('stands before the command begins, in its thread alone', () => {
    expect(blocks({ phase: { kind: 'waiting' } })).toEqual(blocks({}))
    expect(blocks({ phase: { kind: 'waiting' } }, { kind: 'none' })).toEqual([])
    expect(blocks({ phase: { kind: 'waiting' } }, { kind: 'channel' })).toEqual([])
  })

  test('is left as it is when another process runs the command: a message below says so', () => {
    expect(ended({ kind: 'elsewhere' })).toEqual([
      {
        key: 'shell/discord:1/elsewhere',
        text: '⚠ Another Kimaki with the same bot token has taken this command and runs it on its machine. Stop one of the two, or link each channel on one machine only.',
        closed: true,
        notify: false,
        outOfBand: true,
      },
    ])
  })

  test('names the command in one line that keeps no Markdown', () => {
    expect(text(blocks({ command: 'echo `date` *\n  rm -rf build' }))).toBe('⬦ $ echo \\`date\\` \\* rm -rf build\nrunning')
  })

  test('shows the end of the output, from the beginning of a line', () => {
    const output = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n')
    expect(text(blocks({ output }))).toMatch(/^⬦ \$ npm test\n```\n…\nline \d+\n[^]*\nline 399\n```\nrunning$/)
  })

  test('of one endless line shows its end', () => {
    expect(text(blocks({ output: 'x'.repeat(5000) }))).toMatch(/^⬦ \$ npm test\n```\n…\nx{1490,1500}\n```\nrunning$/)
  })

  test('fits a message, and nothing in it ends the code block or leaves it', () => {
    const pieces = constantFrom('`', '```', '\n', '```\n# out', ' ', 'x'.repeat(300), '👩‍👩‍👧', '\uD83D', '~~~', '**', '@everyone')
    const words = tuple(...Array.from({ length: 12 }, () => pieces)).map((all) => all.join(''))
    const names = string({ maxLength: 100 })
    const end = names.map((by): CommandEnd => ({ kind: 'stopped', by }))
    assert(
      property(record({ command: words, output: words, end }), ({ command, output, end: how }) => {
        for (const shown of [text(blocks({ command, output })), text(ended(how, 1, { command, output }))]) {
          expect(shown.length).toBeLessThanOrEqual(2000)
          expect(shown.isWellFormed()).toBe(true)
          const fences = shown.match(/```/g)?.length ?? 0
          expect(fences).toBe(shown.split('\n').filter((line) => line === '```').length)
          expect([0, 2]).toContain(fences)
        }
      }),
    )
  })
})

describe('the line below', () => {
  const exit: CommandEnd = { kind: 'exited', code: 0, background: false }
  const below = (all: readonly Block[]): Block | undefined => all[1]
  const whole = (words: string, overflow?: NonNullable<ShellCommand['wholeOutput']>['overflow']) => ({
    wholeOutput: { text: words, overflow },
  })

  test('is there when nobody may look any more, and notifies', () => {
    expect(below(ended(exit, 10_000))).toBeUndefined()
    expect(below(ended(exit, 10_001))).toMatchObject({
      key: 'shell/discord:1/end',
      text: '⬦ $ npm test: exit 0 after 10s',
      notify: true,
    })
    expect(below(ended({ kind: 'cut-off' }, 0))).toMatchObject({ notify: true })
  })

  test('carries what the message above cannot show, as it was', () => {
    expect(below(ended(exit, 1, whole('x'.repeat(1500))))).toBeUndefined()
    const words = '`'.repeat(1501)
    expect(below(ended(exit, 1, whole(words)))).toMatchObject({ file: { name: 'output.txt', text: words }, notify: false })
  })

  test.each([
    [undefined, true, 'The beginning and the end of its output are attached.'],
    [
      '/data/1.log',
      true,
      'The beginning and the end of its output are attached. All of it: /data/1.log on the machine of the bot.',
    ],
    [
      '/data/1.log',
      false,
      'The beginning and the end of its output are attached. The first 25 MB: /data/1.log on the machine of the bot.',
    ],
  ])('of output beyond all bounds says where it is (%s, complete: %s)', (file, complete, words) => {
    const block = below(ended(exit, 1, whole('short', { omitted: 5, file, complete })))
    expect(block).toMatchObject({ text: `⬦ $ npm test: exit 0 after <1s\n${words}`, file: { text: 'short' } })
  })
})

test('without a thread only what was not run is told, in the channel', () => {
  const failed: ShellCommand['phase'] = { kind: 'ended', end: { kind: 'not-run', text: '✗ no thread' }, tookMs: 0 }
  const over: ShellCommand['phase'] = { kind: 'ended', end: { kind: 'dropped' }, tookMs: 0 }
  expect(blocks({ phase: failed }, { kind: 'failed' })).toMatchObject([
    { key: 'shell/discord:1/end', text: '✗ no thread', notify: true },
  ])
  expect(blocks({ phase: over }, { kind: 'gone' })).toEqual([])
  expect(blocks({ phase: over })).toEqual([])
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intentOf, shellCommand, type Intent } from '../../../src/domain/message/intent.ts'
import { promptParts } from '../../../src/domain/message/prompt.ts'
import { takeSuffix } from '../../../src/domain/message/suffix.ts'
import { incoming } from './fixtures/incoming.ts'
import { runs } from '../../support/runs.ts'

const COMMANDS = new Set(['review', 'fix-cmd', 'Größe', 'ns:deep', 'mcp-tool'])
const isCommand = (name: string) => COMMANDS.has(name)
const intent = (text: string) => intentOf(text, isCommand)
const prompt = (text: string): Intent => ({ kind: 'prompt', text })
const command = (name: string, args: string, queue = false): Intent => ({ kind: 'command', name, args, queue })

describe('what a person wants', () => {
  test.each<[string, Intent]>([
    ['fix the build', prompt('fix the build')],
    ['  as it is \r\n ', prompt('  as it is \r\n ')],
    ['', prompt('')],
    ['do x. queue', { kind: 'queue', text: 'do x' }],
    ['do x\nqueue', { kind: 'queue', text: 'do x' }],
    ['queue', { kind: 'queue', text: '' }],
    ['. queue', { kind: 'queue', text: '' }],
    ['is x done? btw', { kind: 'btw', text: 'is x done?' }],
    ['The staging server is down, btw', prompt('The staging server is down, btw')],
    ['Write tests for: stack, heap, queue', prompt('Write tests for: stack, heap, queue')],
    ['. btw', { kind: 'btw', text: '' }],
    ['btw', prompt('btw')],
    ['do x. btw. queue', { kind: 'queue', text: 'do x. btw' }],
    ['do x. queue. btw', { kind: 'btw', text: 'do x. queue' }],
  ])('%j', (text, expected) => {
    expect(intent(text)).toEqual(expected)
  })
})

describe('a message that starts with !', () => {
  test.each([
    ['!ls -la', 'ls -la'],
    ['  ! ls ', 'ls'],
    ['!echo a\necho b\n', 'echo a\necho b'],
    ['!echo x. queue', 'echo x. queue'],
    ['!echo x. btw', 'echo x. btw'],
    ['!/review', '/review'],
    ['! !grep -q x y', '!grep -q x y'],
    ['!$?', '$?'],
    ['!echo $& `x` "é🎉"', 'echo $& `x` "é🎉"'],
  ])('%j runs %j', (text, expected) => {
    expect(intent(text)).toEqual({ kind: 'shell', command: expected })
    expect(shellCommand(text)).toBe(expected)
  })

  test.each(['!', ' ! ', '!\n', 'x !ls', 'look:\n!ls', '！ls', '!!', '!!! it is red again', ' !!ls', '!?', '!? who did that'])(
    '%j is a prompt',
    (text) => {
      expect(intent(text)).toEqual(prompt(text))
      expect(shellCommand(text)).toBeUndefined()
    },
  )
})

describe('a message that starts with /', () => {
  test.each<[string, Intent]>([
    ['/review', command('review', '')],
    ['/review the diff', command('review', 'the diff')],
    ['\n /review\tthe diff \n', command('review', 'the diff')],
    ['/review-cmd x', command('review', 'x')],
    ['/review-skill x', command('review', 'x')],
    ['/review-mcp-prompt x', command('review', 'x')],
    ['/fix-cmd x', command('fix-cmd', 'x')],
    ['/fix-cmd-cmd x', command('fix-cmd', 'x')],
    ['/Größe 🎉', command('Größe', '🎉')],
    ['/ns:deep x', command('ns:deep', 'x')],
    ['/review x. queue', command('review', 'x', true)],
    ['/review . queue', command('review', '', true)],
    ['/review what is this? queue', command('review', 'what is this?', true)],
    ['/review the stack, the queue', command('review', 'the stack, the queue')],
    ['/review\nqueue', command('review', '', true)],
    ['/review x. btw', { kind: 'btw', text: '/review x' }],
  ])('%j', (text, expected) => {
    expect(intent(text)).toEqual(expected)
  })

  test('keeps all that follows as its arguments, line by line (D-07)', () => {
    expect(intent('/review src\r\n  const a = 1\n/review again\n```\nx\n```')).toEqual(
      command('review', 'src\r\n  const a = 1\n/review again\n```\nx\n```'),
    )
  })

  test.each([
    '/',
    '/ review',
    '//review',
    '/unknown x',
    '/Review',
    '/reviewer',
    '/review/x',
    '/usr/bin/env is missing',
    '/-cmd',
    '/constructor',
    'please /review',
    'first\n/review x',
    '@kimaki /review',
  ])('%j is text: no command, or not at the start (D-07)', (text) => {
    expect(intent(text)).toEqual(prompt(text))
  })

  test('is not asked about without a name', () => {
    const asked: string[] = []
    for (const text of ['/', '/ x', '/-cmd', 'x']) intentOf(text, (name) => asked.push(name) < 0)
    expect(asked).toEqual(['-cmd'])
  })
})

describe('what is added to a message has no say', () => {
  /** The text part of a prompt of these words and a file beside them. */
  const together = (text: string, content: string): string => {
    const file = { kind: 'inline', name: 'notes.txt', mime: 'text/plain', size: 9, path: '/n', text: content } as const
    const [part] = promptParts({ message: incoming({ text }), prepared: [file], partId: (name) => name, agent: undefined })
    return part?.type === 'text' ? part.text : ''
  }

  test('a suffix is read off the words, as no text with a file behind it has one (P-058)', () => {
    expect(intent('do x. queue')).toEqual({ kind: 'queue', text: 'do x' })
    expect(intent(together('do x. queue', 'y')).kind).toBe('prompt')
  })

  test.each(['y. queue', '/review', '!ls'])('%j in a file wants nothing (D-07)', (content) => {
    expect(together('do x', content)).toContain(content)
    expect(intent(together('do x', content)).kind).toBe('prompt')
  })

  test('a suffix on a line of its own survives an edit: newlines are not collapsed on the way (P-059)', () => {
    expect(intent('do x\nqueue').kind).toBe('queue')
    expect(intent('do x queue').kind).toBe('prompt')
  })
})

describe('of any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          '!',
          '/',
          'review',
          '-cmd',
          '. ',
          'queue',
          'btw',
          '.',
          '\n',
          '\r\n',
          ' ',
          '\t',
          'x',
          '🎉',
          '\uD83D',
          '```',
        ),
        { maxLength: 8 },
      )
      .map((pieces) => pieces.join('')),
  )

  test('a prompt is the text itself, and stays one', () => {
    fc.assert(
      fc.property(text, (words) => {
        const found = intent(words)
        if (found.kind !== 'prompt') return
        expect(found.text).toBe(words)
        expect(intent(found.text)).toEqual(found)
      }),
      { numRuns: runs(5000) },
    )
  })

  test('what is not a prompt has lost its mark and nothing else', () => {
    fc.assert(
      fc.property(text, (words) => {
        const found = intent(words)
        if (found.kind === 'queue' || found.kind === 'btw')
          expect(takeSuffix(words)).toEqual({ suffix: found.kind, rest: found.text })
        if (found.kind === 'shell') expect(words.trim().replace(/^!\s*/, '')).toBe(found.command)
        if (found.kind !== 'command') return
        const { rest, suffix } = takeSuffix(words)
        expect(found.queue).toBe(suffix === 'queue')
        expect(rest.trim().replace(/^\S+\s*/, '')).toBe(found.args)
        expect(rest.trim()).toMatch(new RegExp(`^/${found.name}(?:-cmd)?(?:\\s|$)`))
      }),
      { numRuns: runs(5000) },
    )
  })

  test('nothing is a command when the agent has none', () => {
    fc.assert(fc.property(text, (words) => intentOf(words, () => false).kind !== 'command'))
  })
})

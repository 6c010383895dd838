import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { takeSuffix } from '../../../src/domain/message/suffix.ts'
import { runs } from '../../support/runs.ts'

describe('the last word says when a message is to be read', () => {
  test.each([
    ['do x. queue', 'do x', 'queue'],
    ['do x!queue.', 'do x', 'queue'],
    ['do x? QUEUE', 'do x?', 'queue'],
    ['do x?queue', 'do x?', 'queue'],
    ['do x?\nqueue', 'do x?', 'queue'],
    ['do x ?! queue', 'do x ?', 'queue'],
    ['do x!? queue', 'do x!?', 'queue'],
    ['do x,\nqueue', 'do x,', 'queue'],
    ['? queue', '', 'queue'],
    ['?? queue', '??', 'queue'],
    ['do x . queue', 'do x', 'queue'],
    ['do x.    queue.  \n ', 'do x', 'queue'],
    ['do x\nqueue', 'do x', 'queue'],
    ['do x\nqueue.', 'do x', 'queue'],
    ['do x\r\nqueue\r\n', 'do x', 'queue'],
    ['do x\n\n  queue  ', 'do x', 'queue'],
    ['do x.\nqueue', 'do x', 'queue'],
    ['  two\n lines. queue', '  two\n lines', 'queue'],
    ['do step 2. queue', 'do step 2', 'queue'],
    ['do x... queue', 'do x..', 'queue'],
    ['mach’s 🎉. queue', 'mach’s 🎉', 'queue'],
    ['ünïcödé🏳️‍🌈\nqueue', 'ünïcödé🏳️‍🌈', 'queue'],
    ['queue', '', 'queue'],
    [' Queue. ', '', 'queue'],
    ['. queue', '', 'queue'],
    ['is x done? btw', 'is x done?', 'btw'],
    ['What is in this project? btw', 'What is in this project?', 'btw'],
    ['? btw', '', 'btw'],
    ['is x done. BTW.', 'is x done', 'btw'],
    ['is x done\nbtw', 'is x done', 'btw'],
    ['. btw', '', 'btw'],
    ['do x. btw. queue', 'do x. btw', 'queue'],
    ['do x. queue. btw', 'do x. queue', 'btw'],
    ['```js\nx()\n``` . queue', '```js\nx()\n```', 'queue'],
    ['```\nx()\n```\nqueue', '```\nx()\n```', 'queue'],
    ['```js\nx(). queue', '```js\nx()', 'queue'],
    ['```js\nx()\nbtw', '```js\nx()', 'btw'],
    ['> quoted. queue', '> quoted', 'queue'],
  ] as const)('%j is %j and %s', (text, rest, suffix) => {
    expect(takeSuffix(text)).toEqual({ suffix, rest })
  })

  test.each([
    '',
    ' \n ',
    'do x queue',
    'do x, queue',
    'do x; queue',
    'do x: queue',
    'do x. The stack, and the queue.',
    'do x? queue please',
    'do x. queue!',
    'do x. queue..',
    'do x. queued',
    'do x. enqueue',
    'do x\nthe queue',
    'do x 🎉 queue',
    'do x… queue',
    'do x。queue',
    'do x. 🎉queue',
    'do x. queue 🎉',
    'queue it',
    'queue\nqueue it',
    'queuequeue',
    '"x. queue"',
    '```\nx. queue\n```',
    '`x. queue`',
    'do x. q ueue',
    'btw',
    ' btw. ',
    '\nbtw',
    'the btw',
    'btw, is x done?',
    'is x done? btw thanks',
  ])('%j has none', (text) => {
    expect(takeSuffix(text)).toEqual({ suffix: undefined, rest: text })
  })

  test.each([
    'The staging server is down, btw',
    'The staging server is down, BTW.',
    'It works now; thanks, btw',
    'One more thing: btw',
    'Write tests for: stack, heap, queue',
    'Write tests for stack, heap, queue.',
    'Pick one: stack, heap or queue',
    'Topics:\n1. stack\n2. queue',
    '3. queue',
    'A word with two vowels in a row, e.g. queue',
    'Write a page about stack vs. queue.',
    '- stack\n- heap\n- queue',
    'What people type: brb, afk, btw',
    'Rename it to jobs.queue',
    'Log everything that goes through worker.queue.',
    'Why does it say chat.btw',
    'Move it to src/queue',
    'Is it about the message-queue',
    'It says "message queue"',
    'Show me the queue',
    'Why is there a queue?',
    'I forgot the queue!',
    'He says (btw)',
  ])('%j is a sentence of words', (text) => {
    expect(takeSuffix(text)).toEqual({ suffix: undefined, rest: text })
  })

  const space = fc.constantFrom('', ' ', '\t', '\n', '\r\n', ' \n ', '\u00A0')
  const word = fc.constantFrom('queue', 'QUEUE', 'Queue', 'qUEue', 'btw', 'BTW', 'Btw')
  const mark = fc.constantFrom('.', '!', '?', ',', ';', ':')
  const blank = fc.constantFrom(' ', '\t', '\n', '\r\n', ' \n ', '\u00A0')
  const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => `${text}x`)
  /** Everything the grammar speaks of, in any order. */
  const likely = fc
    .array(fc.oneof(space, word, mark, fc.constantFrom('x', '```', '🎉', '\uD83D', 'e', '/', '>')), { maxLength: 8 })
    .map((pieces) => pieces.join(''))

  test('what stands before it stays as it is, whatever it is', () => {
    const start = fc.oneof(
      fc.tuple(space, fc.constant('!'), space).map((pieces) => pieces.join('')),
      fc.tuple(space, fc.constant('.'), blank).map((pieces) => pieces.join('')),
      space.map((pause) => `\n${pause}`),
    )
    const end = fc.tuple(fc.constantFrom('', '.'), space).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(words, start, word, end, (text, before, last, behind) => {
        expect(takeSuffix(text + before + last + behind)).toEqual({ rest: text, suffix: last.toLowerCase() })
      }),
      { numRuns: runs(3000) },
    )
  })

  test('agrees with the grammar as one expression, and takes nothing but the suffix', () => {
    const sort = (text: string) => (QUEUE.test(text) ? 'queue' : BTW.test(text.trimStart()) ? 'btw' : undefined)
    fc.assert(
      fc.property(likely, (text) => {
        const { suffix, rest } = takeSuffix(text)
        expect(suffix).toBe(sort(text))
        expect(text.startsWith(rest)).toBe(true)
        expect(text.slice(rest.length)).toMatch(suffix === undefined ? /^$/ : /^\s*[.!?]?\s*(?:queue|btw)\.?\s*$/i)
        if (suffix !== undefined) expect(rest).toBe(rest.trimEnd())
      }),
      { numRuns: runs(5000) },
    )
  })

  test('a text that is nearly one a hundred thousand times takes no longer to read', () => {
    for (const piece of ['. ', '\n', 'queue ', '. queue', ' . queue\n']) {
      const text = `${piece.repeat(100_000)}x`
      expect(takeSuffix(text)).toEqual({ suffix: undefined, rest: text })
    }
  })
})

const QUEUE = /(?:^|[!?]|\.\s)\s*queue\.?\s*$|[\r\n]\s*queue\.?\s*$/i
const BTW = /(?:[!?]|\.\s)\s*btw\.?\s*$|[\r\n]\s*btw\.?\s*$/i

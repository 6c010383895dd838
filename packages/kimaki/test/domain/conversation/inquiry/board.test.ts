/** Which threads wait for whom. */
import { describe, expect, test } from 'vitest'
import { boardOf, type ThreadRecord } from '../../../../src/domain/conversation/inquiry/board.ts'
import { boardText } from '../../../../src/view/inquiry/board.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const thread = (facts: Partial<ThreadRecord>): ThreadRecord => ({
  threadId: '1',
  asker: { id: 'ann', name: 'Ann' },
  askedAt: NOW - HOUR,
  isAsking: false,
  queued: 0,
  isWorking: false,
  end: 'answered',
  ...facts,
})

const groupOf = (facts: Partial<ThreadRecord>): string => {
  const { waiting, working } = boardOf([thread(facts)], NOW)
  const [first] = waiting
  return first ? first.because : working.length > 0 ? 'works' : 'idle'
}

test.each<[string, Partial<ThreadRecord>, string]>([
  ['an ask waits, though the run is not over', { isAsking: true, isWorking: true }, 'asks'],
  ['a run works', { isWorking: true, end: undefined }, 'works'],
  ['a run works on what came after an error', { isWorking: true, end: 'failed' }, 'works'],
  ['an answer waits', {}, 'answered'],
  ['an answer that covers several messages waits', { end: 'merged' }, 'answered'],
  ['an answer of yesterday waits for nobody any more', { askedAt: NOW - 25 * HOUR }, 'idle'],
  ['an error waits, however old it is', { end: 'failed', askedAt: NOW - 99 * HOUR }, 'failed'],
  ['a run that was cut off waits', { end: 'interrupted' }, 'failed'],
  ['a run that a person stopped is idle', { end: 'stopped-by' }, 'idle'],
  ['a message that was taken back leaves an idle thread', { end: 'withdrawn' }, 'idle'],
  ['a thread of a message nobody ran is idle', { end: undefined }, 'idle'],
])('%s', (_what, facts, group) => {
  expect(groupOf(facts)).toBe(group)
})

describe('in words', () => {
  const board = boardOf(
    [
      thread({ threadId: '1', isAsking: true }),
      thread({ threadId: '2', asker: { id: 'bob', name: 'Bob *the* builder' }, end: 'failed' }),
      thread({ threadId: '3', isWorking: true, asker: undefined }),
      thread({ threadId: '4', end: 'stopped-by' }),
    ],
    NOW,
  )
  const since = `<t:${(NOW - HOUR) / 1000}:R>`

  test('a person sees first what waits for them', () => {
    expect(boardText(board, 'ann').split('\n')).toEqual([
      '**waits for you** (1)',
      `- <#1> ${since} · the agent asks`,
      '**waits for others** (1)',
      `- <#2> ${since} · Bob \\*the\\* builder: it ended with an error`,
      '**the agent works** (1)',
      `- <#3> ${since} · a program`,
      '**idle** (1)',
      `- <#4> ${since}`,
    ])
  })

  test('somebody else is told that nothing waits for them', () => {
    expect(boardText(board, 'eve')).toMatch(/^⬦ nothing waits for you\n\*\*waits for others\*\* \(2\)/)
  })

  test('everybody sees for whom each waits', () => {
    expect(boardText(board, undefined)).toContain(`- <#1> ${since} · Ann: the agent asks`)
  })

  test('a hundred threads in each group, with the longest names, fit into a message', () => {
    const many = Array.from({ length: 100 }, (_, index) => index).flatMap((index) => {
      const asker = { id: 'ann', name: '*'.repeat(80) }
      const threadId = `10000000000000${index}`
      return [
        thread({ asker, threadId, isAsking: true }),
        thread({ asker, threadId, isWorking: true }),
        thread({ asker, end: 'stopped' }),
      ]
    })
    const text = boardText(boardOf(many, NOW), undefined)
    expect(text).toContain('- and 90 more')
    expect(text.length).toBeLessThanOrEqual(2000)
  })

  test('without a thread says how to begin one', () => {
    expect(boardText(boardOf([], NOW), 'ann')).toMatch(/^⬦ no thread here yet/)
  })
})

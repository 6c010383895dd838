/** What waits while the past is read, place by place. */
import { describe, expect, test } from 'vitest'
import { HoldBack, type HeldEvent } from '../../../src/app/intake/holdback.ts'
import { CHANNEL, inThread, message, OTHER, owner } from './testbed.ts'

const THREAD = '150000000000000001'
const SECOND = '150000000000000002'

const written = (text: string, facts: Parameters<typeof message>[1] = {}): HeldEvent => ({
  kind: 'message',
  message: message(text, facts),
  access: owner,
  position: undefined,
})
const text = (event: HeldEvent): string => (event.kind === 'message' ? event.message.text : event.kind)

const unknown = async (): Promise<boolean> => false
const known = async (): Promise<boolean> => true

function held(...channelIds: readonly string[]): HoldBack {
  const holdBack = new HoldBack()
  holdBack.hold(channelIds)
  return holdBack
}

describe('while the threads of a channel are unknown', () => {
  test.each([
    ['the channel', {}],
    ['a thread', inThread(THREAD)],
  ])('an event in %s waits, even of a known conversation', async (_where, place) => {
    expect(await held(CHANNEL).takes(written('x', place), known)).toBe(true)
  })

  test('an event of another channel does not', async () => {
    expect(await held(OTHER).takes(written('x'), known)).toBe(false)
  })

  test('an edit and a deletion wait like messages', async () => {
    const holdBack = held(CHANNEL)
    const edited: HeldEvent = { kind: 'edited', message: message('x'), access: owner, editedAt: '', position: undefined }
    const deleted: HeldEvent = { kind: 'deleted', place: inThread(THREAD), messageIds: ['1'], position: undefined }
    expect(await holdBack.takes(edited, unknown)).toBe(true)
    expect(await holdBack.takes(deleted, unknown)).toBe(true)
    expect(holdBack.listed(CHANNEL, [CHANNEL]).map(text)).toEqual(['edited', 'deleted'])
  })

  test('H1: what waits is handed back with the list, in the order it came', async () => {
    const holdBack = held(CHANNEL)
    for (const words of ['1', '2', '3']) await holdBack.takes(written(words, words === '2' ? inThread(THREAD) : {}), unknown)
    expect(holdBack.listed(CHANNEL, [CHANNEL, THREAD]).map(text)).toEqual(['1', '2', '3'])
  })
})

describe('once its threads are listed', () => {
  test.each([
    ['the channel', {}, known, true],
    ['a thread on the list', inThread(THREAD), known, true],
    ['another thread, with a known conversation', inThread(SECOND), known, false],
    ['H3: another thread, unknown', inThread(SECOND), unknown, true],
  ])('an event in %s', async (_where, place, isKnown, waits) => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL, THREAD])
    expect(await holdBack.takes(written('x', place), isKnown)).toBe(waits)
  })

  test('H3: the reply to a message that waits is handed back behind it', async () => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL])
    const first = message('first')
    await holdBack.takes({ kind: 'message', message: first, access: owner, position: undefined }, unknown)
    await holdBack.takes(written('reply', inThread(first.id)), unknown)
    expect(holdBack.read(CHANNEL, CHANNEL).map(text)).toEqual(['first', 'reply'])
  })

  test('H2: a place that was read holds nothing; the last one lets the channel go', async () => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL, THREAD])
    await holdBack.takes(written('in the channel'), unknown)
    await holdBack.takes(written('in the thread', inThread(THREAD)), unknown)
    expect(holdBack.read(CHANNEL, CHANNEL).map(text)).toEqual(['in the channel'])
    expect(await holdBack.takes(written('x'), unknown)).toBe(false)
    expect(await holdBack.takes(written('x', inThread(SECOND)), unknown)).toBe(false)
    expect(holdBack.isHolding).toBe(true)
    expect(holdBack.read(CHANNEL, THREAD).map(text)).toEqual(['in the thread'])
    expect(holdBack.isHolding).toBe(false)
    expect(await holdBack.takes(written('x', inThread(THREAD)), unknown)).toBe(false)
  })

  test('a second list of the same reading changes nothing', () => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL, THREAD])
    holdBack.read(CHANNEL, CHANNEL)
    holdBack.read(CHANNEL, THREAD)
    expect(holdBack.listed(CHANNEL, [CHANNEL, THREAD])).toEqual([])
    expect(holdBack.isHolding).toBe(false)
  })
})

describe('held again by a newer session', () => {
  test('what waited for the channel and its threads waits on, for the new list, the channel first', async () => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL, THREAD])
    await holdBack.takes(written('in the thread', inThread(THREAD)), unknown)
    await holdBack.takes(written('in the channel'), unknown)
    holdBack.hold([CHANNEL])
    expect(await holdBack.takes(written('later', inThread(SECOND)), known)).toBe(true)
    expect(holdBack.listed(CHANNEL, [CHANNEL]).map(text)).toEqual(['in the channel', 'in the thread', 'later'])
  })

  test('a place of the old list is read no more before there is a new one', async () => {
    const holdBack = held(CHANNEL)
    holdBack.listed(CHANNEL, [CHANNEL])
    holdBack.hold([CHANNEL])
    expect(holdBack.read(CHANNEL, CHANNEL)).toEqual([])
    expect(await holdBack.takes(written('x'), known)).toBe(true)
  })
})

test('a channel that is not held is listed and read without any effect', () => {
  const holdBack = held(OTHER)
  expect(holdBack.listed(CHANNEL, [CHANNEL])).toEqual([])
  expect(holdBack.read(CHANNEL, CHANNEL)).toEqual([])
})

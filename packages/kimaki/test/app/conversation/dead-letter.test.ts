/** What a conversation cannot take: pauses that grow, three tries, then a notice. */
import { describe, expect, test } from 'vitest'
import { ATTEMPTS, Defects, fallbackPost, inputOf, nameOf } from '../../../src/app/conversation/dead-letter.ts'
import type { Request } from '../../../src/domain/conversation/request.ts'
import type { InboxRow } from '../../../src/ports/store.ts'
import { deadLetterText } from '../../../src/view/text/notice.ts'
import { CHANNEL, GUILD, conversation, message } from '../../support/conversation.ts'
import { manualClock } from '../support/clock.ts'
import { commandEvent } from '../support/harness.ts'

const FIVE_MINUTES = 300_000

function setUp() {
  const clock = manualClock()
  return { clock, defects: new Defects(clock) }
}

describe('the pause before the state is read again', () => {
  test('is none after the first defect, then grows from half a second to thirty', () => {
    const { defects } = setUp()
    const pauses = Array.from({ length: 10 }, () => {
      defects.record()
      return defects.pauseMs
    })
    expect(pauses).toEqual([0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('begins anew five minutes after the last defect', () => {
    const { clock, defects } = setUp()
    for (let times = 0; times < 5; times += 1) defects.record()
    clock.advance(FIVE_MINUTES)
    defects.record()
    expect(defects.pauseMs).toBe(8000)
    clock.advance(FIVE_MINUTES + 1)
    defects.record()
    expect(defects.pauseMs).toBe(0)
  })

  test('does not grow for ever after a clock that was set back', () => {
    const { clock, defects } = setUp()
    for (let times = 0; times < 5; times += 1) defects.record()
    clock.jump(-3_600_000)
    defects.record()
    expect(defects.pauseMs).toBe(0)
  })
})

describe('what has thrown three times in a row', () => {
  test('is a dead letter; another name is not', () => {
    const { defects } = setUp()
    for (let times = 1; times < ATTEMPTS; times += 1) defects.record('snapshot')
    expect(defects.isDeadLetter('snapshot')).toBe(false)
    defects.record('snapshot')
    expect([defects.isDeadLetter('snapshot'), defects.isDeadLetter('agent')]).toEqual([true, false])
  })

  test('is none any more once it was taken', () => {
    const { defects } = setUp()
    for (let times = 0; times < ATTEMPTS; times += 1) defects.record('snapshot')
    defects.forget('snapshot')
    expect(defects.isDeadLetter('snapshot')).toBe(false)
  })

  test('counts for an outcome by its effect, for anything else by its kind', () => {
    const effect = { key: 'prompt/1', kind: 'prompt', owner: 'run' }
    expect(nameOf({ kind: 'outcome', at: 0, effect, outcome: { kind: 'done' } })).toBe('prompt/1')
    expect(nameOf({ kind: 'resume', at: 0 })).toBe('resume')
  })
})

const row = (request: Request, facts: Partial<InboxRow> = {}): InboxRow => ({
  order: 7,
  at: 1,
  request,
  conversation: { id: '5', guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: false },
  receipt: 'not-needed',
  tries: 0,
  error: undefined,
  ...facts,
})

describe('an inbox row', () => {
  const sent = message('hello')
  const press = { id: '1', guildId: GUILD, channelId: '5', messageId: '2', customId: 'stop:x', userId: '3', userName: 'Ann' }

  test('of a message becomes the message with its order, and after three tries a dead letter that says so', () => {
    expect(inputOf(row({ kind: 'message', message: sent }, { tries: 2 }))).toEqual({
      kind: 'message',
      at: 1,
      order: 7,
      message: sent,
    })
    expect(inputOf(row({ kind: 'message', message: sent }, { tries: 3 }))).toEqual({
      kind: 'dead-letter',
      at: 1,
      order: 7,
      message: sent,
      text: deadLetterText(),
    })
  })

  test('of anything else is left undone after three tries', () => {
    expect(inputOf(row({ kind: 'pressed', press }, { tries: 2 }))).toMatchObject({ kind: 'pressed', at: 1, press })
    expect(inputOf(row({ kind: 'pressed', press }, { tries: 3 }))).toBeUndefined()
  })

  test.each([
    ['missed', true],
    [1_800_000_000_000, false],
  ] as const)('of a command with the receipt %s: is it missed? %s', (receipt, isMissed) => {
    const { command } = commandEvent('5', 'abort')
    expect(inputOf(row({ kind: 'command', command }, { receipt }))).toEqual({
      kind: 'command',
      at: 1,
      order: 7,
      command,
      isMissed,
    })
  })
})

describe('the notice past the state', () => {
  const sent = message('hello')
  const dead = row({ kind: 'message', message: sent })

  test('stands in the thread if there is one, else where the message was written', () => {
    const open = conversation({}, { thread: { kind: 'open', id: '55' } })
    expect(fallbackPost(dead, open).fallbackPost?.post).toMatchObject({ channelId: '55', content: deadLetterText() })
    expect(fallbackPost(dead, undefined).fallbackPost?.post.channelId).toBe(CHANNEL)
  })

  test('has the same id each time, which is a nonce: at most 25 characters', () => {
    const ids = [fallbackPost(dead, undefined), fallbackPost(dead, undefined)].map((batch) => batch.fallbackPost?.post.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[0]).toHaveLength(25)
  })

  test('is for messages only: nobody waits for anything else', () => {
    expect(fallbackPost(row({ kind: 'deleted-message', messageId: '1' }), undefined)).toEqual({})
  })
})

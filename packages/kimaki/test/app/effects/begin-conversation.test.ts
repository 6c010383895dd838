/** The thread of a conversation that no message opened: its invariants, each in the titles of its tests. */
import { describe, expect, test } from 'vitest'
import { beginConversation } from '../../../src/app/effects/begin-conversation.ts'
import type { EffectDeps } from '../../../src/app/effects/definition.ts'
import { KeyedSerialQueue } from '../../../src/base/serial.ts'
import type { BeginConversation } from '../../../src/domain/conversation/begin.ts'
import type { AnyOutcome } from '../../../src/domain/conversation/effect.ts'
import { isAbortError } from '../../../src/base/errors.ts'
import type { Batch, InboxRow } from '../../../src/ports/store.ts'
import { CHANNEL, GUILD, OWNER, conversation, message, nextId } from '../../support/conversation.ts'
import { handleOf, testEffects, type TestEffects } from '../support/effects.ts'
import { gone, forbidden, refused, unknown } from '../support/fake-chat.ts'
import { never } from '../support/harness.ts'
import { quiet } from '../support/until.ts'

const NAME = 'Leaves'

interface Bed extends TestEffects {
  readonly batches: Batch[]
  readonly handedOn: InboxRow[]
  /** Threads by the keys of the requests that were accepted in them. */
  readonly accepted: Map<string, string>
  run(effect: BeginConversation, isRetry?: boolean): Promise<AnyOutcome>
}

function setUp(own: Partial<EffectDeps> = {}): Bed {
  const accepted = new Map<string, string>()
  const batches: Batch[] = []
  const handedOn: InboxRow[] = []
  const bed = testEffects({
    store: {
      conversationOfRequest: async (key) => accepted.get(key),
      conversationOfSession: async () => undefined,
      hasConversation: async (id) => [...accepted.values()].includes(id),
    },
    commits: {
      async commit(batch) {
        batches.push(batch)
        return (batch.accept ?? []).map(({ key, ...acceptance }) => {
          accepted.set(key, acceptance.conversation.id)
          return { ...acceptance, order: 1, receipt: 'not-needed', tries: 0, error: undefined }
        })
      },
    },
    accept: (row) => void handedOn.push(row),
    ...own,
  })
  const handle = handleOf(conversation())
  const run: Bed['run'] = async (effect, isRetry = false) =>
    beginConversation.run(bed.deps, effect, { isRetry, conversation: handle })
  return { ...bed, batches, handedOn, accepted, run }
}

function request(id: string, facts: Partial<BeginConversation> = {}): BeginConversation {
  const afterId = nextId()
  return {
    key: `begin/${id}`,
    kind: 'begin-conversation',
    owner: 'launch',
    id,
    requestKey: `begun:${id}`,
    afterId,
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    message: message('count the leaves', { id }),
    begins: { name: NAME },
    userId: undefined,
    ...facts,
  }
}

const left = ({ chat }: Bed, name = NAME, channelId = CHANNEL): string => {
  const id = nextId()
  chat.started.push({ id, channelId, name })
  return id
}

test('a thread is started, the first message goes on record there, and is handed on', async () => {
  const bed = setUp()
  const effect = request('1', { userId: OWNER })
  const outcome = await bed.run(effect)
  const thread = bed.chat.started[0]?.id
  expect(outcome).toEqual({ kind: 'begun', threadId: thread })
  expect(bed.batches).toMatchObject([
    {
      accept: [
        {
          key: 'begun:1',
          request: { kind: 'message', message: effect.message, begins: { name: NAME } },
          conversation: { id: thread, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: true },
        },
      ],
      cursors: [{ channelId: thread, messageId: thread }],
    },
  ])
  expect(bed.handedOn.map((row) => row.conversation.id)).toEqual([thread])
  expect(bed.chat.calls).toContain(`addMember ${thread} ${OWNER}`)
})

test('its session belongs to it before its first message can run', async () => {
  const journal: string[] = []
  const bed = setUp({
    bind: (session, id) => void journal.push(`bind ${session} ${id}`),
    accept: ({ conversation: { id } }) => void journal.push(`accept ${id}`),
  })
  const session = { id: 'ses_copy', upTo: 1, answeredBy: { agent: undefined, model: undefined } }
  await bed.run(request('1', { begins: { name: NAME, session } }))
  const thread = bed.chat.started[0]?.id
  expect(journal).toEqual([`bind ses_copy ${thread}`, `accept ${thread}`])
})

describe('B1: the row names the thread', () => {
  test.each([true, false])('with the row on record nothing is started, looked for or written (a retry: %s)', async (isRetry) => {
    const bed = setUp()
    left(bed)
    bed.accepted.set('begun:1', '777')
    expect(await bed.run(request('1'), isRetry)).toEqual({ kind: 'begun', threadId: '777' })
    expect([bed.chat.started.length, bed.batches, bed.handedOn]).toEqual([1, [], []])
  })

  test('the database is asked until it answers', async () => {
    let fails = 2
    const bed = setUp({
      store: {
        async conversationOfRequest() {
          if ((fails -= 1) >= 0) throw new Error('locked')
          return '777'
        },
        conversationOfSession: async () => undefined,
        hasConversation: async () => false,
      },
    })
    const outcome = bed.run(request('1'))
    await quiet(3)
    bed.clock.advance(500)
    await quiet(3)
    bed.clock.advance(1000)
    expect(await outcome).toEqual({ kind: 'begun', threadId: '777' })
  })
})

describe('B2: without the row, the thread that an earlier attempt has left is taken', () => {
  test('a retry takes it: of ours, of the wanted name, newer than the request, and nothing has begun in it', async () => {
    const bed = setUp()
    const effect = request('1')
    const thread = left(bed)
    expect(await bed.run(effect, true)).toEqual({ kind: 'begun', threadId: thread })
    expect(bed.chat.started).toHaveLength(1)
    expect(bed.accepted.get('begun:1')).toBe(thread)
  })

  test('a retry takes it also under the neutral name, which it has when Discord refused the wanted one', async () => {
    const bed = setUp()
    const effect = request('1')
    const thread = left(bed, 'kimaki thread')
    expect(await bed.run(effect, true)).toEqual({ kind: 'begun', threadId: thread })
  })

  test('red control: a first attempt does not look for it, and starts another', async () => {
    const bed = setUp()
    const effect = request('1')
    left(bed)
    await bed.run(effect, false)
    expect(bed.chat.started).toHaveLength(2)
  })

  test.each<[string, (bed: Bed) => BeginConversation]>([
    ['has another name', (bed) => (left(bed, 'Branches'), request('1', { afterId: '0' }))],
    ['stands in another channel', (bed) => (left(bed, NAME, '9'), request('1', { afterId: '0' }))],
    ['is older than the request', (bed) => (left(bed), request('1'))],
    [
      'has a conversation in it',
      (bed) => {
        bed.accepted.set('begun:another', left(bed))
        return request('1', { afterId: '0' })
      },
    ],
  ])('one that %s is left alone', async (_what, prepare) => {
    const bed = setUp()
    await bed.run(prepare(bed), true)
    expect(bed.chat.started).toHaveLength(2)
    expect(bed.accepted.get('begun:1')).toBe(bed.chat.started[1]?.id)
  })

  test('a start without an answer is followed by a look', async () => {
    const bed = setUp()
    bed.chat.on.startThread = async () => {
      left(bed)
      return unknown
    }
    const outcome = bed.run(request('1'))
    await quiet(3)
    bed.clock.advance(500)
    expect(await outcome).toEqual({ kind: 'begun', threadId: bed.chat.started[0]?.id })
    expect(bed.chat.started).toHaveLength(1)
  })
})

describe('B3: conversations are begun one at a time in a channel', () => {
  /** Both were interrupted: one had left a thread. How many threads are there in the end? */
  async function threadsOfTwo(queues: (first: boolean) => KeyedSerialQueue): Promise<number> {
    const bed = setUp()
    const effects = [request('1', { afterId: '0' }), request('2', { afterId: '0' })]
    left(bed)
    const runs = effects.map(async (effect, index) =>
      beginConversation.run({ ...bed.deps, beginning: queues(index === 0) }, effect, {
        isRetry: true,
        conversation: handleOf(conversation()),
      }),
    )
    await Promise.all(runs)
    return new Set(bed.accepted.values()).size
  }

  test('two requests of the same words do not take the same thread', async () => {
    const queue = new KeyedSerialQueue()
    expect(await threadsOfTwo(() => queue)).toBe(2)
  })

  test('red control: begun side by side, both would take the one that was left', async () => {
    expect(await threadsOfTwo(() => new KeyedSerialQueue())).toBe(1)
  })

  test('another channel does not wait', async () => {
    const bed = setUp()
    let isFirst = true
    bed.chat.on.startThread = async () => {
      if (!isFirst) return undefined
      isFirst = false
      return never
    }
    void bed.run(request('1')).catch(() => undefined)
    await quiet(3)
    expect(await bed.run(request('2', { channelId: '9' }))).toMatchObject({ kind: 'begun' })
  })
})

describe('a thread that cannot be started', () => {
  test.each([
    ['refused', refused, /Invalid Form Body/],
    ['not allowed', forbidden, /Missing Permissions/],
    ['in a channel that is gone', gone, /Unknown Channel/],
  ])('%s: the request fails at once, with the reason', async (_how, answer, reason) => {
    const bed = setUp()
    bed.chat.on.startThread = async () => answer
    expect(await bed.run(request('1'))).toEqual({ kind: 'failed', text: expect.stringMatching(reason) as string })
    expect(bed.batches).toEqual([])
  })

  test('is tried for about a quarter of an hour', async () => {
    const bed = setUp()
    let tries = 0
    bed.chat.on.startThread = async () => ((tries += 1), unknown)
    const outcome = bed.run(request('1'))
    for (let pauses = 0; pauses < 40; pauses += 1) {
      await quiet(3)
      bed.clock.advance(30_000)
    }
    expect(await outcome).toMatchObject({ kind: 'failed' })
    expect(tries).toBe(36)
  })

  test('when the bot stops it ends with an AbortError: the effect stays on record', async () => {
    const bed = setUp()
    bed.chat.on.startThread = async () => unknown
    const ended = bed.run(request('1')).catch((error: unknown) => error)
    await quiet(3)
    bed.stop()
    expect(isAbortError(await ended)).toBe(true)
    expect(bed.clock.pending).toBe(0)
  })
})

describe('a request that stands in a message of ours', () => {
  const FROM = nextId()
  const asked = request('from', { begins: { name: NAME, from: FROM } })

  test('has the thread of that message, again after a crash', async () => {
    const bed = setUp()
    bed.chat.on.openThread = async (messageId) => ({ threadId: messageId })
    expect(await bed.run(asked)).toEqual({ kind: 'begun', threadId: FROM })
    expect(await bed.run(asked, true)).toEqual({ kind: 'begun', threadId: FROM })
    expect(bed.chat.started).toEqual([])
    bed.stop()
  })

  test('has one of its own where the message was deleted meanwhile', async () => {
    const bed = setUp()
    bed.chat.on.openThread = async () => gone
    expect(await bed.run(asked)).toMatchObject({ kind: 'begun' })
    expect(bed.chat.started).toHaveLength(1)
    bed.stop()
  })
})

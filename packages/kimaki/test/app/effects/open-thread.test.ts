/** The thread of a message that Discord does not open: who is told what. */
import { afterEach, describe, expect, test } from 'vitest'
import { Places } from '../../../src/app/places.ts'
import { openThread, THREAD_ATTEMPTS } from '../../../src/app/effects/open-thread.ts'
import { ChatForbidden, ChatGone, ChatRefused } from '../../../src/base/errors.ts'
import type { OpenThread } from '../../../src/domain/conversation/run/effects.ts'
import type { ChatError } from '../../../src/ports/chat.ts'
import { CHANNEL, conversation } from '../../support/conversation.ts'
import { handleOf, testEffects, type TestEffects } from '../support/effects.ts'
import { quiet, until } from '../support/until.ts'

const effect: OpenThread = {
  key: 'open-thread/1',
  kind: 'open-thread',
  owner: 'run',
  channelId: CHANNEL,
  messageId: '1',
  name: 'go',
  userId: undefined,
}

let bed: TestEffects | undefined
afterEach(() => bed?.stop())

async function outcomeOf(error: ChatError) {
  bed = testEffects()
  bed.chat.on.openThread = async () => error
  return openThread.run(bed.deps, effect, { conversation: handleOf(conversation()), isRetry: false })
}

test('a right that is missing is told at once, with what to do: the channel is not gone', async () => {
  expect(await outcomeOf(new ChatForbidden({ code: 50_013, reason: 'Missing Permissions' }))).toMatchObject({
    kind: 'failed',
    text: expect.stringContaining('"Create Public Threads"') as string,
  })
})

describe('a channel that the bot may not see', () => {
  const hidden = new ChatForbidden({ code: 50_001, reason: 'Missing Access' })

  test('can be told nothing: the thread is opened once it is shown', async () => {
    const bed = testEffects()
    bed.chat.on.openThread = async () => hidden
    const places = new Places(bed.clock, new AbortController().signal)
    const opening = openThread.run({ ...bed.deps, places }, effect, { conversation: handleOf(conversation()), isRetry: false })
    await until('the refusal', () => bed.lines.length === 1)
    bed.chat.on.openThread = async () => undefined
    places.changed(['of another channel'])
    places.changed([effect.channelId])
    await quiet()
    bed.clock.advance(300)
    expect(await opening).toMatchObject({ kind: 'thread-opened', threadId: effect.messageId })
  })

  test('is given up after a quarter of an hour', async () => {
    const bed = testEffects()
    bed.chat.on.openThread = async () => hidden
    const opening = openThread.run(bed.deps, effect, { conversation: handleOf(conversation()), isRetry: false })
    for (let tries = 1; tries < THREAD_ATTEMPTS; tries += 1) {
      await until('the refusal', () => bed.lines.length === tries)
      await quiet()
      bed.clock.advance(300_000)
    }
    expect(await opening).toMatchObject({ kind: 'failed', text: expect.stringContaining('"View Channel"') as string })
  })
})

test('a message or channel that was deleted is told nobody', async () => {
  expect(await outcomeOf(new ChatGone({ code: 10_008, reason: 'Unknown Message' }))).toEqual({ kind: 'gone' })
})

test('a voice channel has its own sentence', async () => {
  const refused = new ChatRefused({ code: 50_024, reason: 'Cannot execute action on this channel type' })
  expect(await outcomeOf(refused)).toMatchObject({ kind: 'failed', text: expect.stringContaining('text channel') as string })
})

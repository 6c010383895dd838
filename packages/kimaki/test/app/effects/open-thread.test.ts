/** The thread of a message that Discord does not open: who is told what. */
import { afterEach, expect, test } from 'vitest'
import { openThread } from '../../../src/app/effects/open-thread.ts'
import { ChatGone, ChatRefused } from '../../../src/base/errors.ts'
import type { OpenThread } from '../../../src/domain/conversation/run/effects.ts'
import type { ChatError } from '../../../src/ports/chat.ts'
import { CHANNEL, conversation } from '../../support/conversation.ts'
import { handleOf, testEffects, type TestEffects } from '../support/effects.ts'

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

test('a channel that the bot may not see is told, with what to do: it is not gone', async () => {
  expect(await outcomeOf(new ChatGone({ code: 50_001, reason: 'Missing Access' }))).toMatchObject({
    kind: 'failed',
    text: expect.stringContaining('"View Channel"') as string,
  })
})

test('a message or channel that was deleted is told nobody', async () => {
  expect(await outcomeOf(new ChatGone({ code: 10_008, reason: 'Unknown Message' }))).toEqual({ kind: 'gone' })
})

test('a voice channel has its own sentence', async () => {
  const refused = new ChatRefused({ code: 50_024, reason: 'Cannot execute action on this channel type' })
  expect(await outcomeOf(refused)).toMatchObject({ kind: 'failed', text: expect.stringContaining('text channel') as string })
})

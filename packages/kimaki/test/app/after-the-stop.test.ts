/** Once the bot stops it does nothing more, and what the stop ends is no defect. */
import { expect, test } from 'vitest'
import { collectFooter } from '../../src/app/actions/collect-footer.ts'
import { Typing } from '../../src/app/conversation/typing.ts'
import { interrupt } from '../../src/app/effects/unread/interrupt.ts'
import type { Snapshot } from '../../src/domain/agent.ts'
import { KeyedTimers } from '../../src/base/keyed-timers.ts'
import type { CollectFooter } from '../../src/domain/conversation/features/footer.ts'
import type { Interrupt } from '../../src/domain/conversation/run/effects.ts'
import { isAbortError } from '../../src/base/errors.ts'
import { CHANNEL, SESSION, answer, conversation, prompt, user } from '../support/conversation.ts'
import { handleOf, testEffects } from './support/effects.ts'
import { never } from './support/harness.ts'
import { quiet } from './support/until.ts'

const asked = user('msg_u', 1)

test('nobody types', () => {
  const { chat, clock } = testEffects()
  const pulses: string[] = []
  chat.on.typing = (channelId) => void pulses.push(channelId)
  const typing = new Typing(chat, clock)
  const working = handleOf(conversation({ prompts: [prompt(1, { kind: 'waiting' })] }))
  typing.update(working)
  expect(pulses).toHaveLength(1)
  typing.stop()
  typing.update(handleOf({ ...conversation({ prompts: [prompt(1, { kind: 'waiting' })] }), id: '2' }))
  typing.update(working)
  expect([pulses.length, clock.pending]).toEqual([1, 0])
})

test('a run is not stopped for a newer message, though the session was just read for it', async () => {
  const { deps, agent, stop } = testEffects()
  const reading = Promise.withResolvers<Snapshot>()
  agent.on.snapshot = async () => reading.promise
  const effect: Interrupt = {
    key: 'interrupt/msg_u/0',
    kind: 'interrupt',
    owner: 'run',
    directory: '/p',
    session: SESSION,
    promptId: 'discord:1',
    messageId: 'msg_u',
    stepId: 'msg_a',
    due: 0,
  }
  const ended = interrupt
    .run(deps, effect, { isRetry: false, conversation: handleOf(conversation()) })
    .catch((error: unknown) => error)
  stop()
  reading.resolve({ status: { kind: 'busy' }, messages: [asked], title: undefined })
  expect(isAbortError(await ended)).toBe(true)
  expect(agent.calls).not.toContain('abort')
})

async function footerWarnings(end: (bed: ReturnType<typeof testEffects>) => void): Promise<readonly string[]> {
  const bed = testEffects()
  bed.agent.on.contextLimit = async () => (bed.agent.goneDirectories.has('broken') ? Promise.reject(new Error('broken')) : never)
  end(bed)
  const collect = collectFooter.start({
    ...bed.deps,
    git: { branch: async () => 'main', files: async () => [] },
    shell: bed.shell,
    timers: new KeyedTimers(bed.clock),
  })
  const whole = answer('msg_a', asked, [], { tokens: 100 })
  const action: CollectFooter = { kind: 'collect-footer', answer: whole, startedAt: 1 }
  collect(handleOf(conversation({}, { channelId: CHANNEL })), action)
  await quiet(3)
  await bed.agent.stop()
  await quiet(3)
  return bed.lines
}

test('a fact of a footer that the stop ends is missing without a word', async () => {
  expect(await footerWarnings(() => undefined)).toEqual([])
})

test('red control: a fact that is missing for another reason is told to the operator', async () => {
  expect(await footerWarnings(({ agent }) => void agent.goneDirectories.add('broken'))).toEqual([
    expect.stringContaining('a fact of a footer is missing'),
  ])
})

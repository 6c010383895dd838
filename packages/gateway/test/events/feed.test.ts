/** What Discord sends again after an outage: messages are handed on, and interactions that nobody can answer any more are not. */
import { expect, test } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { Metrics } from '../../src/base/metrics.ts'
import { Feed } from '../../src/events/feed.ts'
import { interactionOf, messageIn, POSITION, smallWorld } from '../support/world.ts'

test.each([
  ['of now', 0, true, ['MESSAGE_CREATE', 'INTERACTION_CREATE']],
  ['older than 3 s', 3001, true, ['MESSAGE_CREATE']],
  ['older than 3 s by a clock that is wrong', 3001, false, ['MESSAGE_CREATE', 'INTERACTION_CREATE']],
])('an interaction %s', (_what, age, isReplay, heard) => {
  const { store, ada } = smallWorld()
  const names: string[] = []
  const nothing = () => undefined
  const now = 1_700_000_000_000
  const feed = new Feed(
    {
      store: store.events,
      shard: [0, 1],
      now: () => now,
      log: createLog(nothing, () => now),
      metrics: new Metrics(),
      isConnected: () => true,
      deliver: (deliveries) => names.push(...deliveries.map(({ name }) => name)),
      gap: nothing,
      lost: nothing,
      unheard: nothing,
      wanted: nothing,
      created: nothing,
      restart: nothing,
      answered: () => false,
    },
    undefined,
  )
  const { name, data } = interactionOf(ada)
  const id = String(BigInt(now - age - 1_420_070_400_000) << 22n)
  for (const dispatch of [messageIn(ada, 'x'), { name, data: { ...data, id } }]) feed.push(dispatch, POSITION, isReplay)
  feed.flush()
  expect(names).toEqual(heard)
  expect(feed.stored).toEqual(POSITION)
})

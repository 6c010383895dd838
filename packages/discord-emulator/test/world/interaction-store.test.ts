import { expect, test } from 'vitest'
import { createInteractionStore } from '../../src/world/realm/interaction-store.ts'
import type { InteractionRecord } from '../../src/world/realm/records.ts'

const interaction = (id: string, createdAt: number): InteractionRecord => ({
  id,
  token: `token ${id}`,
  botId: '1',
  type: 2,
  userId: '2',
  channelId: '3',
  createdAt,
  data: {},
  messageId: undefined,
  origin: { id, type: 2, userId: '2', applicationId: '1', guildId: undefined },
  answer: undefined,
})

test('an interaction is forgotten with its token, and what a person saw of it stays', () => {
  let now = 0
  const store = createInteractionStore(() => now)
  const first = interaction('10', now)
  store.open(first)
  const look = store.watch(first)
  store.answer('10', { kind: 'message', messageId: '99' })
  now = 15 * 60_000 - 1
  store.open(interaction('11', now))
  expect(store.ofToken('token 10')?.answer).toEqual({ kind: 'message', messageId: '99' })
  now += 1
  store.open(interaction('12', now))
  expect([store.find('10'), store.ofToken('token 10'), store.size]).toEqual([undefined, undefined, 2])
  expect(look().answer).toEqual({ kind: 'message', messageId: '99' })
})

test('however many there were, only those of 15 minutes are kept', () => {
  let now = 0
  const store = createInteractionStore(() => now)
  for (let index = 0; index < 10_000; index += 1) store.open(interaction(String(index), (now += 1000)))
  expect(store.size).toBe(900)
})

import { expect } from 'vitest'
import type { Emulator } from '../../../src/index.ts'
import type { Check } from '../check.ts'

const count = ({ journal }: Emulator, what: string) =>
  journal.entries.filter((entry) => entry.kind === 'gateway' && entry.what === what).length

export const resume: readonly Check[] = [
  {
    says: 'after a cut the session goes on, and nothing is missed or heard twice',
    async run({ emulator, bot, ada, channelId, until, messages }) {
      ada.send(channelId, '0')
      await until('the first is heard', () => messages().length === 1)
      emulator.gateway.cut(bot.id)
      for (const text of ['1', '2', '3']) ada.send(channelId, text)
      await until('all are heard', () => messages().length >= 4)
      ada.send(channelId, '4')
      await until('the last is heard', () => messages().some(({ content }) => content === '4'))
      expect(messages().map(({ content }) => content)).toEqual(['0', '1', '2', '3', '4'])
      expect([count(emulator, 'resumed'), count(emulator, 'identify')]).toEqual([1, 1])
    },
  },
  {
    says: 'op 7 and close codes that allow it end in a resume',
    async run({ emulator, bot, ada, channelId, until, messages }) {
      emulator.gateway.reconnect(bot.id)
      await until('the session was resumed', () => count(emulator, 'resumed') === 1)
      emulator.gateway.close(bot.id, 4000)
      ada.send(channelId, 'while away')
      await until('it was resumed again', () => count(emulator, 'resumed') === 2)
      await until('it is heard', () => messages().length === 1)
      expect(count(emulator, 'identify')).toBe(1)
    },
  },
  {
    says: 'a client started again takes its session up, and hears what happened meanwhile',
    async run({ client, emulator, ada, channelId, until, messages, again }) {
      ada.send(channelId, 'before')
      await until('the first is heard', () => messages().length === 1)
      const session = await client.crash()
      ada.send(channelId, 'meanwhile')
      ada.send(channelId, 'and more')
      const later = await again(session)
      await later.until('what was missed is heard', () => later.messages().length === 2)
      expect(later.messages().map(({ content }) => content)).toEqual(['meanwhile', 'and more'])
      expect([count(emulator, 'resumed'), count(emulator, 'identify')]).toEqual([1, 1])
    },
  },
  {
    says: 'a client started anew identifies, and finds what it missed in the history',
    async run({ client, emulator, ada, channelId, again }) {
      await client.crash()
      ada.send(channelId, 'meanwhile')
      const later = await again()
      expect(later.messages()).toEqual([])
      expect((await later.client.history(channelId, { limit: 5 })).map(({ content }) => content)).toEqual(['meanwhile'])
      expect(count(emulator, 'identify')).toBe(2)
    },
    options: { rateLimits: { identify: { limit: 10, windowMs: 1000 } } },
  },
]

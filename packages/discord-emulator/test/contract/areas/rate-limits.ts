import { expect } from 'vitest'
import type { Emulator } from '../../../src/index.ts'
import type { Check } from '../check.ts'

const refused = ({ journal }: Emulator) =>
  journal.entries.filter((entry) => entry.kind === 'request' && entry.status === 429).length

const contents = ({ world }: Emulator, channelId: string) => world.messages(channelId).map(({ content }) => content)

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

export const rateLimits: readonly Check[] = [
  {
    says: 'a client that reads the headers of its bucket is never refused',
    options: { rateLimits: { routes: { 'POST /channels/:channel/messages': { bucket: 'message', limit: 3, windowMs: 250 } } } },
    async run({ client, emulator, channelId }) {
      const started = performance.now()
      await Promise.all(numbers(8).map((content) => client.send(channelId, { content })))
      expect(performance.now() - started).toBeGreaterThan(400)
      expect([...contents(emulator, channelId)].sort()).toEqual(numbers(8))
      expect(refused(emulator)).toBe(0)
    },
  },
  {
    says: 'a 429 is waited for, and the message is sent once',
    async run({ client, emulator, channelId }) {
      emulator.faults.add({
        route: 'POST /channels/:channel/messages',
        effect: {
          kind: 'status',
          status: 429,
          body: { message: 'The resource is being rate limited.', retry_after: 0.3, global: false, code: 0 },
          headers: { 'Retry-After': '1', 'X-RateLimit-Scope': 'shared', Via: '1.1 emulator' },
        },
      })
      const started = performance.now()
      await client.send(channelId, { content: 'patience' })
      expect(performance.now() - started).toBeGreaterThan(250)
      expect(contents(emulator, channelId)).toEqual(['patience'])
      expect(refused(emulator)).toBe(1)
    },
  },
  {
    says: 'the global limit holds over all channels, and everything arrives in the end',
    // Long enough for a busy machine to send more than twelve.
    options: { rateLimits: { global: { limit: 12, windowMs: 1500 } } },
    async run({ client, emulator, guild }) {
      const channels = numbers(20).map((name) => guild.textChannel(`c${name}`).id)
      await Promise.all(channels.map((id) => client.send(id, { content: 'hello' })))
      expect(channels.flatMap((id) => contents(emulator, id))).toHaveLength(20)
      expect(refused(emulator)).toBeGreaterThan(0)
      const globally = emulator.journal.entries.filter((entry) => entry.kind === 'request' && entry.status === 200)
      expect(globally.length).toBeGreaterThan(0)
    },
  },
]

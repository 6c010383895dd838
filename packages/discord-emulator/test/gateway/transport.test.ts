import { createInflate, createZstdDecompress, constants } from 'node:zlib'
import { CompressionMethod } from '@discordjs/ws'
import { expect, test } from 'vitest'
import { dial, realClient } from '../support/gateway.ts'
import { buildTown } from '../support/town.ts'

/** Feeds one endless stream, message by message, as a client of the gateway does. */
function streaming(stream: ReturnType<typeof createInflate>) {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return (data: Buffer) =>
    new Promise<string>((resolve) => {
      stream.write(data)
      stream.flush(() => resolve(Buffer.concat(chunks.splice(0)).toString()))
    })
}

test.each([
  ['zlib-stream', () => createInflate({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH })],
  ['zstd-stream', () => createZstdDecompress() as unknown as ReturnType<typeof createInflate>],
])('%s carries small and large payloads', async (compress, open) => {
  const { emulator, bot, alice, guild, channel } = await buildTown()
  for (let count = 0; count < 400; count += 1) guild.textChannel(`room-${count}`)
  const client = await dial(emulator, { query: `?v=10&encoding=json&compress=${compress}`, decode: streaming(open()) })
  client.send(2, { token: bot.token, intents: 33_281, properties: {} })
  const created = await client.event('GUILD_CREATE')
  expect(created.d.channels).toHaveLength(401)
  expect(JSON.stringify(created).length).toBeGreaterThan(0x1ffff / 2)
  alice.send(channel.id, 'short')
  expect((await client.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'short' })
})

test('the real client reads the compressed stream', async () => {
  const { emulator, bot, alice, channel } = await buildTown()
  const { manager, dispatches } = realClient(emulator, bot, { compression: CompressionMethod.ZlibNative })
  await manager.connect()
  alice.send(channel.id, 'packed')
  const heard = () => dispatches.find(({ event }) => event === 'MESSAGE_CREATE')?.data
  await expect.poll(heard).toMatchObject({ content: 'packed' })
})

test('a compression that is none is refused', async () => {
  const { emulator } = await buildTown()
  expect(await (await dial(emulator, { query: '?v=10&encoding=json&compress=lzma' })).closed).toBe(4002)
})

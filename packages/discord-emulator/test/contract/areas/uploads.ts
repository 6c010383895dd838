import { expect } from 'vitest'
import type { Check } from '../check.ts'

const BYTES = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256))

const download = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}

export const uploads: readonly Check[] = [
  {
    says: 'files of a bot are stored as they are, in their order',
    async run({ client, channelId }) {
      const files = [
        { name: 'data.bin', data: BYTES },
        { name: 'notes.txt', data: Buffer.from('héllo') },
      ]
      const sent = await client.send(channelId, { content: 'two files', files })
      expect(sent).toMatchObject({
        content: 'two files',
        files: [
          { name: 'data.bin', size: 3000 },
          { name: 'notes.txt', size: 6 },
        ],
      })
      const got = await Promise.all(sent.files.map(({ url }) => download(url)))
      expect(got.map(({ bytes }) => bytes)).toEqual(files.map(({ data }) => data))
    },
  },
  {
    says: 'files of a person are downloaded from their signed address, which expires',
    async run({ hears, emulator, ada, channelId }) {
      ada.send(channelId, 'look', { files: [{ name: 'plan.bin', data: BYTES }] })
      const [file] = (await hears('message')).message.files
      expect(file).toMatchObject({ name: 'plan.bin', size: 3000 })
      expect(await download(file?.url ?? '')).toEqual({ status: 200, bytes: BYTES })
      emulator.clock.advance(25 * 3_600_000)
      expect((await download(file?.url ?? '')).status).toBe(404)
    },
  },
  {
    says: 'a file beside the answer to a command, and one in an option',
    async run({ client, asked, guild, ada, channelId }) {
      await client.declare(guild.id, [
        { name: 'scan', description: 'Scan', options: [{ type: 11, name: 'page', description: 'Page', required: true }] },
      ])
      const use = ada.command(channelId, 'scan', { page: { name: 'page.txt', data: 'words' } })
      const question = await asked()
      expect(question.options).toEqual({ page: 'page.txt' })
      await question.reply({ content: 'scanned', files: [{ name: 'scan.bin', data: BYTES }] })
      const [attachment] = use.response?.attachments ?? []
      expect((await download(attachment?.url ?? '')).bytes).toEqual(BYTES)
    },
  },
  {
    says: 'a file that is too large is refused',
    async run({ client, channelId }) {
      const data = Buffer.alloc(10 * 1024 * 1024 + 1)
      await expect(client.send(channelId, { files: [{ name: 'big.bin', data }] })).rejects.toMatchObject({ code: 40005 })
    },
  },
]

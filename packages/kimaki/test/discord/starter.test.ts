/** The message a thread was opened from, as Discord has it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  chat = world.chat()
  await chat.start()
})

afterEach(() => world.stop())

const requests = (): number =>
  world.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.route === '/channels/:channel/messages/:message',
  ).length

test('carries author, words with their mentions resolved, all of them, and files', async () => {
  const ben = world.emulator.world.user('Ben')
  world.guild.join(ben)
  const words = `<@${world.owner.id}> the build fails: ${'long '.repeat(350)}end`
  const starter = ben.send(world.channelId, words, { files: [{ name: 'log.txt', data: 'boom', contentType: 'text/plain' }] })
  const thread = world.owner.startThread(world.channelId, 'the build', starter.id)
  world.owner.send(thread.id, `<@${world.bot.id}> look`)
  await chat.until('the message', () => chat.messages().find(({ text }) => text.includes('look')))
  expect(await chat.port.threadStarter(world.channelId, thread.id)).toEqual({
    authorName: 'Ben',
    text: words.replace(`<@${world.owner.id}>`, '@Ann'),
    id: starter.id,
    attachments: [expect.objectContaining({ name: 'log.txt', size: 4 })],
  })
  expect(requests()).toBe(1)
})

test('there is none where it was deleted, or the thread was opened without one', async () => {
  const starter = world.owner.send(world.channelId, 'never mind')
  const left = world.owner.startThread(world.channelId, 'left', starter.id)
  world.owner.delete(world.channelId, starter.id)
  const bare = world.owner.startThread(world.channelId, 'bare')
  for (const { id } of [left, bare]) expect(await chat.port.threadStarter(world.channelId, id)).toBeUndefined()
})

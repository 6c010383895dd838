/** Files that a person sends for the agent, from the modal to the folder of the project. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareUpload, uploadOutput } from '../../src/app/control/ask-upload.ts'
import { busy, CHANNEL, GUILD, OWNER, ownerAccess, says, SESSION } from '../support/conversation.ts'
import { never, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const FILE = { id: '5', name: 'my log.txt', contentType: 'text/plain', size: 3, url: 'https://cdn/5' }

async function asking(bot: BotRun, threadId: string): Promise<string | undefined> {
  const { state } = await bot.store.load(threadId)
  if (!state) throw new Error('no conversation')
  const asked = prepareUpload({ state, session: SESSION, call: 'call_1', args: { prompt: 'The log' } }, 1)
  if (asked instanceof Error) throw asked
  await bot.submit(asked)
  await quiet()
  const now = (await bot.store.load(threadId)).state
  return now && uploadOutput(now, SESSION, 'call_1')
}

test('files that a person sends are in the project once, and the call learns their paths, though the bot is killed in between', async () => {
  const first = await harness.run()
  const thread = await prompted(first)
  for (const event of [says(first.agent.user()), busy]) first.agent.emit(event)
  first.agent.session = { status: { kind: 'busy' }, messages: [first.agent.user()], title: undefined }
  expect(await asking(first, thread.id)).toBeUndefined()
  await until('the card', () => first.chat.posts.some(({ buttons }) => buttons.length === 2))
  const card = first.chat.posts.find(({ buttons }) => buttons.length === 2)
  const press = {
    id: '77',
    guildId: GUILD,
    channelId: thread.id,
    messageId: card?.id ?? '',
    customId: card?.buttons[0] ?? '',
    userId: OWNER,
    userName: 'Ann',
  }
  const place = { channelId: thread.id, projectChannelId: CHANNEL, inThread: true }
  const event = { kind: 'pressed', place, token: 't', access: ownerAccess, position: undefined } as const
  first.chat.emit({ ...event, press })
  await until('the modal', () => first.chat.calls.some((call) => call.startsWith('modal 77')))
  first.chat.on.download = async () => never
  first.chat.emit({ ...event, press: { ...press, id: '78', files: [FILE] } })
  await until('the acknowledgement', () => first.chat.calls.includes('acknowledge 78'))

  const second = await harness.run()
  second.chat.on.download = async () => new TextEncoder().encode('log')
  second.agent.session = { status: { kind: 'busy' }, messages: [second.agent.user()], title: undefined }
  await until('the file', () => harness.saved.size === 1)
  await quiet()
  const [path = ''] = harness.saved.keys()
  expect(path).toMatch(/\/uploads\/\w{8}-my_log\.txt$/)
  expect(await asking(second, thread.id)).toBe(path)
  expect(second.chat.posts.filter(({ content }) => content.includes('asks for files'))).toHaveLength(1)
})

/** Voice messages from Discord to OpenCode, written down by a server that plays OpenAI's route. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buttonsIn, press } from '../support/buttons.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { recordingOf } from '../support/speech.ts'
import { startSpeechProvider, type SpeechProvider } from '../support/speech-provider.ts'
import { runCli } from '../support/run-cli.ts'
import { useHarness } from '../support/use-harness.ts'

const { harness, project } = useHarness({
  rules: [{ match: /say (\w+)/, steps: ([, word]) => [{ kind: 'text', text: `Said ${word}.` }] }],
})
let speech: SpeechProvider
let bot: InnerBot
beforeAll(async () => void (speech = await startSpeechProvider()))
afterAll(() => speech.stop())
beforeEach(async () => {
  bot = await startInnerBot(harness, {
    env: { KIMAKI_TRANSCRIPTION_URL: `${speech.url}/v1`, KIMAKI_TRANSCRIPTION_KEY: speech.key },
  })
})
afterEach(() => bot.stop())

const speak = (channelId: string, words: string, seconds: number): string =>
  harness.owner.sendVoice(channelId, { data: recordingOf(words, seconds), durationSeconds: seconds }).id

/** What the model was asked in the sessions' own words, in order. */
const asked = (): readonly string[] =>
  harness.model.log
    .filter(({ hasTools }) => hasTools)
    .flatMap(({ userTexts }) => userTexts.flatMap((text) => /say (\w+)/.exec(text)?.[1] ?? []))

test('voice of 4 s, text, voice of 1 s: they reach the agent in this order, and another thread is not held up', async () => {
  const thread = speak(project.channelId, 'say begin', 2)
  await harness.untilSaid(thread, 'Said begin.')
  const long = speech.hold('say first')
  speak(thread, 'say first', 4)
  await long.reached
  harness.owner.send(thread, 'say second')
  speak(thread, 'say third', 1)
  const other = speak(project.channelId, 'say elsewhere', 1)
  await harness.untilSaid(other, 'Said elsewhere.')
  expect(harness.said(thread).join()).not.toMatch(/Said (?:first|second|third)/)
  long.release()
  await harness.untilSaid(thread, /Said third\./)
  const newest = asked().slice(-3)
  expect(newest).toEqual(['first', 'second', 'third'])
  expect(harness.said(thread).filter((text) => text.startsWith('⬦ heard: '))).toEqual([
    '⬦ heard: say begin',
    '⬦ heard: say first',
    '⬦ heard: say third',
  ])
  harness.expectFaithful()
})

test('the provider refuses the key: the thread says so, and a press tries again once it takes it', async () => {
  speech.refuseOnce(401)
  const thread = speak(project.channelId, 'say later', 1)
  await harness.untilSaid(thread, /does not take the key \(401\)/)
  await harness.emulator.world.until(
    'the button',
    () => buttonsIn(harness, thread).some(({ label }) => label === 'Try again') || undefined,
  )
  press(harness, thread, 'Try again')
  await harness.untilSaid(thread, 'Said later.')
})

test('an agent answers with a voice message, and is told which right the bot lacks for it', async () => {
  const { id: thread } = harness.owner.send(project.channelId, 'say spoken')
  await harness.untilSaid(thread, 'Said spoken.')
  const file = join(harness.dir, 'done.ogg')
  writeFileSync(file, recordingOf('done', 3))
  const upload = async (...files: readonly string[]) =>
    runCli(harness.env, ['upload-to-discord', '--session', thread, '--json', '--voice', ...files])
  const { messageId } = JSON.parse((await upload(file)).stdout) as { readonly messageId: string }
  const posted = harness.emulator.world.messages(thread).find(({ id }) => id === messageId)
  expect((posted?.flags ?? 0) & MessageFlags.IsVoiceMessage).not.toBe(0)
  expect(posted?.attachments).toMatchObject([{ duration_secs: 3, waveform: Buffer.alloc(150, 255).toString('base64') }])
  expect(await upload(file, file)).toMatchObject({ code: 64, stderr: expect.stringContaining('one Ogg file of Opus') as string })
  const { guild } = harness
  const deny = PermissionFlagsBits.SendVoiceMessages
  guild.setOverwrites(project.channelId, [{ id: guild.id, type: 'role', deny }])
  expect(await upload(file)).toMatchObject({ code: 64, stderr: expect.stringContaining('"Send Voice Messages"') as string })
})

/**
 * What the agent asks, with the real OpenCode and the real plugin, through restarts of the bot. Every way an ask can end is played with fakes
 * (`test/domain/conversation/ask-ends.test.ts`); what dies with an OpenCode is in `real-opencode.test.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ComponentType } from 'discord-api-types/v10'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { buttonsIn, menuIn, press } from '../support/buttons.ts'
import { startInnerBot, type InnerBot, type InnerBotOptions } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

/** Asked for, since its folder lies outside the project. */
const outside = { name: 'bash', args: { command: 'cat ../outside.txt', description: 'Look outside', workdir: '/' } }

const RULES: readonly Rule[] = [
  { match: 'look outside', steps: [{ kind: 'tools', calls: [outside] }] },
  {
    match: 'the child job',
    steps: [
      { kind: 'tools', calls: [outside] },
      { kind: 'text', text: 'Child end.' },
    ],
  },
  {
    match: /delegate (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        calls: [{ name: 'task', args: { description: 'job', subagent_type: 'general', prompt: 'the child job' } }],
      },
      { kind: 'text', text: `Delegated ${tag}` },
    ],
  },
  {
    match: /offer buttons (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'kimaki_action_buttons', args: { buttons: [{ label: 'Paint #m71', color: 'green' }] } }] },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  {
    match: /a file please (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'kimaki_file_upload', args: { prompt: 'The log, please', maxFiles: 2 } }] },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
]

const { harness, project, ask } = useHarness({ rules: [...RULES, ...E2E_RULES], opencode: 'lent' })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

async function restart(options?: InnerBotOptions): Promise<void> {
  bot.kill()
  await bot.gone
  bot = await startInnerBot(harness, options)
}

const untilButton = async (thread: string, label: string): Promise<unknown> =>
  harness.emulator.world.until(`the button ${label}`, () => buttonsIn(harness, thread).find((one) => one.label === label))

/** The title comes at any time. */
const readable = async (thread: string): Promise<string> =>
  (await harness.transcript(thread)).replaceAll(/^Thread .*\n|^kimaki: \(renamed .*\n/gm, '')

test('a half-answered form survives two restarts of the bot; the rest is said in a modal, and the agent is answered once', async () => {
  const thread = ask('menu #m1')
  await harness.untilSaid(thread, /Which sizes/)
  const { messageId, customId } = menuIn(harness, thread)
  harness.owner.select(thread, messageId, customId, ['0', '2'])
  await harness.untilSaid(thread, /☑ \*\*S\*\*\n☐ \*\*M\*\*\n☑ \*\*L/)
  await restart()
  await restart()
  const opening = press(harness, thread, 'Other…')
  await harness.emulator.world.until('the modal', () => opening.modal)
  harness.owner.fill(opening, { words: 'and XXL' })
  await harness.untilFooters(thread, 1)
  await expect(await readable(thread)).toMatchFileSnapshot('snapshots/asked-over-restarts.txt')
  harness.expectFaithful()
})

test('a question: a menu and a reply to its card answer it, any other message passes over it', async () => {
  const thread = ask('menu #m13')
  await harness.untilSaid(thread, /Which sizes/)
  const { messageId, customId } = menuIn(harness, thread)
  harness.owner.select(thread, messageId, customId, ['0', '2'])
  await harness.untilSaid(thread, /☑ \*\*L/)
  press(harness, thread, 'Done')
  await harness.untilFooters(thread, 1)
  ask('question #m14', thread)
  const card = await harness.emulator.world.until('the second card', () => buttonsIn(harness, thread)[0])
  harness.owner.send(thread, 'rather green', { replyTo: card.messageId })
  await harness.untilFooters(thread, 2)
  ask('question #m15', thread)
  await harness.emulator.world.until('the third card', () => buttonsIn(harness, thread)[0])
  ask('leave that #m16', thread)
  await harness.untilSaid(thread, 'Answer to #m16')
  await harness.untilFooters(thread, 3)
  await expect(await readable(thread)).toMatchFileSnapshot('snapshots/asked-questions.txt')
  harness.expectFaithful()
})

test('a message while a permission is open denies it, and is answered', async () => {
  const thread = ask('ask #m2')
  await untilButton(thread, 'Allow once')
  ask('leave that #m3', thread)
  await harness.untilSaid(thread, /✗ denied: a new message followed$/)
  await harness.untilSaid(thread, 'Answer to #m3')
  expect(harness.said(thread).join('\n')).toContain('A new message of the user follows')
})

test('/abort while a permission is open ends its card; the bot that comes after does not ask again, though OpenCode lists it', async () => {
  const thread = ask('ask #m4')
  await untilButton(thread, 'Allow once')
  harness.owner.command(thread, 'abort')
  await harness.untilSaid(thread, /⬦ expired: the run that asked is over$/)
  await harness.untilSaid(thread, 'stopped by **ada**')
  await restart()
  ask('go on #m5', thread)
  await harness.untilSaid(thread, 'Answer to #m5')
  await harness.untilFooters(thread, 1)
  expect(buttonsIn(harness, thread)).toEqual([])
  expect(harness.said(thread).filter((text) => text.includes('asks to use'))).toHaveLength(1)
})

test("a subagent's ask stands in the thread under its label; allowed, it goes on, and the audit file says who was asked what by whom", async () => {
  const thread = ask('delegate #m6')
  await untilButton(thread, 'Allow once')
  press(harness, thread, 'Allow once')
  await harness.untilSaid(thread, 'Delegated #m6')
  await harness.untilFooters(thread, 1)
  await expect(await readable(thread)).toMatchFileSnapshot('snapshots/asked-by-subagent.txt')
  const lines = readFileSync(join(harness.dataDir, 'audit.jsonl'), 'utf8').trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
  expect(entries.filter(({ conversation }) => conversation === thread)).toMatchObject([
    { what: 'asked', directory: project.directory, ask: { permission: 'external_directory', patterns: ['/*'] } },
    { what: 'answered' },
  ])
  harness.expectFaithful()
})

test('what is allowed always is listed by /permissions and revoked there, and then asked for again', async () => {
  const thread = ask('ask #m7')
  await untilButton(thread, 'Allow always')
  press(harness, thread, 'Allow always')
  await harness.untilSaid(thread, 'Asked #m7')
  await harness.untilFooters(thread, 1)
  const use = harness.owner.command(thread, 'permissions')
  const list = await harness.emulator.world.until('the list', () => use.response?.components?.[0] && use.response)
  expect(list.content).toContain('**external\\_directory** `/*`, by **ada**')
  const [row] = list.components ?? []
  const revoke = row?.type === ComponentType.ActionRow ? row.components.find((one) => 'custom_id' in one) : undefined
  if (!revoke || !('custom_id' in revoke)) throw new Error('no button to revoke')
  harness.owner.press(thread, list.id, revoke.custom_id)
  await harness.emulator.world.until('the new list', () => use.response?.content.startsWith('✓ revoked') || undefined)
  ask('look outside', thread)
  await untilButton(thread, 'Deny')
  press(harness, thread, 'Deny')
  await harness.untilSaid(thread, /✗ denied by \*\*ada\*\*: the run was stopped$/)
})

test('a thread is closed while a question is open, and opened again: the card is answered then', async () => {
  const thread = ask('question #m9')
  await untilButton(thread, 'Red')
  harness.guild.archiveThread(thread)
  harness.guild.archiveThread(thread, false)
  press(harness, thread, 'Red')
  await harness.untilSaid(thread, /\*\*Colour\*\*: Red\n✓ answered by \*\*ada\*\*$/)
  await harness.untilSaid(thread, 'Coloured #m9')
  harness.expectFaithful()
})

test("the agent's buttons and its call for a file outlive the bot; each is answered once", async () => {
  const [offered, asked] = [ask('offer buttons #m10'), ask('a file please #m11')]
  await untilButton(offered, 'Paint #m71')
  await untilButton(asked, 'Send files…')
  await harness.untilFooters(offered, 1)
  await restart()
  press(harness, offered, 'Paint #m71')
  const opening = press(harness, asked, 'Send files…')
  await harness.emulator.world.until('the picker', () => opening.modal)
  harness.owner.fill(opening, { files: [{ name: 'build log.txt', data: 'all is well' }] })
  await harness.untilSaid(offered, '✓ **ada** pressed **Paint #m71**')
  await harness.untilSaid(offered, 'Answer to #m71')
  await harness.untilSaid(asked, 'Answer to #m11')
  await harness.untilSaid(asked, /✓ uploads\/\S+log\.txt/)
  const uploads = join(project.directory, 'uploads')
  expect(readdirSync(uploads).map((name) => readFileSync(join(uploads, name), 'utf8'))).toEqual(['all is well'])
  const heard = harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes('"Paint #m71"'))
  expect(heard).toHaveLength(1)
  expect(harness.said(asked).filter((text) => text.includes('asks for files'))).toHaveLength(1)
  harness.expectFaithful()
})

test('a permission that nobody answers in the time that the operator gives is denied in words, and the agent goes on', async () => {
  await restart({ settings: { permissionTimeoutMs: 50 } })
  const thread = ask('ask #m12')
  await harness.untilSaid(thread, /✗ denied: nobody answered within/)
  await harness.untilSaid(thread, 'Asked #m12')
  harness.expectFaithful()
})

/** The real OpenCode, started by the bot itself: what dies is taken over or sent again. `survival.test.ts` has the rest, with the scripted one. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { isAlive, type BotProcess } from '../support/bot-process.ts'
import { buttonsIn, press } from '../support/buttons.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { runCli } from '../support/run-cli.ts'
import { newestServer } from '../support/servers.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { signalTo } from '../support/pids.ts'

const RULES: readonly Rule[] = [
  { match: 'I am a program', steps: [{ kind: 'text', text: 'Hello, program.' }] },
  { match: 'Go on where you were cut off', steps: [{ kind: 'text', text: 'Went on.' }] },
  {
    match: /our question (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        calls: [
          {
            name: 'kimaki_question',
            args: { questions: [{ question: 'Which colour?', header: 'Colour', options: [{ label: 'Red' }] }] },
          },
        ],
      },
      { kind: 'text', text: `Painted ${tag}` },
    ],
  },
]

const { harness, project, ask } = useHarness({ rules: [...RULES, ...E2E_RULES], opencode: 'real' })
let bot: BotProcess

/** For a client that it does not know OpenCode has no tool that asks questions. */
const startBot = (): Promise<BotProcess> => harness.bot({ kind: 'source' }, { OPENCODE_CLIENT: 'kimaki' })

beforeAll(async () => {
  bot = await startBot()
})

test('the bot is killed in the middle of a tool run: the run goes on, and its end stands in the thread once', async () => {
  const thread = ask('slow tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  const server = newestServer(harness)
  bot.kill()
  await bot.exited
  bot = await startBot()
  await harness.untilSaid(thread, 'Done with #m1')
  await harness.untilSaid(thread, FOOTER)
  expect(newestServer(harness)).toBe(server)
  harness.expectFaithful()
})

test('OpenCode is killed in the middle of a text, and while it asks: the one is sent again and answered once, the other can go on', async () => {
  const asking = ask('ask #m13')
  await harness.untilSaid(asking, /^⬦ The agent asks to use/)
  const thread = ask('slow text #m2')
  await harness.model.until(
    'the model to be asked',
    ({ userTexts, hasTools }) => hasTools && (userTexts.at(-1)?.includes('#m2') ?? false),
  )
  signalTo(newestServer(harness), 'SIGKILL')
  await harness.untilSaid(thread, 'Slowly answered #m2')
  await harness.untilSaid(thread, FOOTER)
  await harness.untilSaid(asking, /⬦ expired: OpenCode ended while this waited$/)
  await harness.untilSaid(asking, INTERRUPTED)
  press(harness, asking, 'Go on')
  await harness.untilSaid(asking, /↪ \*\*ada\*\* lets the agent go on$/)
  await harness.untilSaid(asking, 'Went on.')
  harness.expectFaithful()
})

test('/abort stops a tool, and the thread goes on', async () => {
  const thread = ask('slow tool #m3')
  await harness.untilSaid(thread, /bash _sleep/)
  const use = harness.owner.command(thread, 'abort')
  await harness.untilSaid(thread, 'stopped by **ada**')
  await harness.emulator.world.until('the answer', () => use.response?.content || undefined)
  expect(use.response?.content).toBe('⬦ stopped the run')
  ask('go on #m4', thread)
  await harness.untilSaid(thread, 'Answer to #m4')
  await harness.untilSaid(thread, FOOTER)
  expect(harness.said(thread).some((text) => text.includes('Done with #m3'))).toBe(false)
  harness.expectFaithful()
})

test('a program begins a thread, goes on in it, and is not taken for a person', async () => {
  const send = (...args: readonly string[]) => runCli(harness.env, ['send', ...args, '--prompt', 'I am a program'])
  await send('--channel', project.channelId)
  const begun = () =>
    harness.emulator.world.threads(project.channelId).find(({ id }) => harness.said(id).join().includes('kimaki send'))
  const thread = await harness.emulator.world.until('its thread', () => begun()?.id)
  await harness.untilFooters(thread, 1)
  await send('--thread', thread)
  await harness.untilFooters(thread, 2)
  const heard = harness.model.log.flatMap(({ hasTools, userTexts }) => (hasTools ? userTexts.slice(-1) : []))
  const ours = heard.filter((text) => text.includes('I am a program'))
  expect(ours).toHaveLength(2)
  for (const text of ours) expect(text).toContain('<request from="program" name="kimaki send"')
  expect(ours.join()).not.toContain('discord-user')
})

test('the agent sees its place in Discord, neither the bot token nor our internal variables, and no file of ours is in its folder', async () => {
  const thread = ask('environment #m5')
  await harness.untilSaid(thread, 'Looked.')
  const env = readFileSync(join(project.directory, 'env.txt'), 'utf8')
  expect(env).not.toContain(harness.application.token)
  const ours = (env.match(/^KIMAKI_\w+/gm) ?? []).toSorted()
  expect(ours).toEqual(['BOT', 'CHANNEL_ID', 'GUILD_ID', 'SESSION_ID', 'THREAD_ID'].map((name) => `KIMAKI_${name}`))
  expect(env.match(/^PATH=(.*)$/m)?.[1]).not.toContain('node_modules/.bin')
  expect(existsSync(join(project.directory, '.opencode'))).toBe(false)
})

/** The title comes at any time. */
const readable = async (thread: string): Promise<string> =>
  (await harness.transcript(thread)).replaceAll(/^Thread .*\n|^kimaki: \(renamed .*\n/gm, '')

test('a permission: denied with a reason the agent goes on, allowed always the next one is allowed by the rule', async () => {
  const thread = ask('ask #m6')
  await harness.untilSaid(thread, /^⬦ The agent asks to use/)
  const opening = press(harness, thread, 'Deny with a reason…')
  await harness.emulator.world.until('the modal', () => opening.modal)
  harness.owner.fill(opening, { words: 'not today' })
  await harness.untilSaid(thread, 'Asked #m6')
  await harness.untilFooters(thread, 1)
  ask('ask #m7', thread)
  await harness.emulator.world.until('the second card', () => buttonsIn(harness, thread)[0])
  press(harness, thread, 'Allow always')
  await harness.untilFooters(thread, 2)
  ask('ask #m8', thread)
  await harness.untilFooters(thread, 3)
  await expect(await readable(thread)).toMatchFileSnapshot('snapshots/asked-permissions.txt')
  harness.expectFaithful()
})

test('where OpenCode has no tool for questions, ours asks; its call outlives a bot that is killed, and is answered once', async () => {
  const thread = ask('our question #m9')
  await harness.untilSaid(thread, /Which colour/)
  bot.kill()
  await bot.exited
  bot = await startBot()
  press(harness, thread, 'Red')
  await harness.untilSaid(thread, 'Painted #m9')
  await harness.untilSaid(thread, /\*\*Colour\*\*: Red\n✓ answered by \*\*ada\*\*$/)
  await harness.untilFooters(thread, 1)
  expect(harness.said(thread).filter((text) => text.includes('Colour'))).toHaveLength(1)
  harness.expectFaithful()
})

test('an orderly stop leaves no server behind', async () => {
  const server = newestServer(harness)
  expect(isAlive(server)).toBe(true)
  expect(await bot.stop()).toEqual({ code: 0, signal: null })
  expect(isAlive(server)).toBe(false)
})

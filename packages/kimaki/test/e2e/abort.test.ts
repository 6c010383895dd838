/** `/abort`, with the real bot: a person ends the run of a thread, is told so within Discord's three seconds, and nothing else is lost. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageFlags, type APIApplicationCommand } from 'discord-api-types/v10'
import type { Interaction } from 'discord-emulator'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { COMMANDS as OURS } from '../../src/commands/index.ts'
import { buttonsIn, press } from '../support/buttons.ts'
import { isDelivered } from '../support/delivered.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const RULES: readonly Rule[] = [
  {
    match: /until (\S+) (#m\d+)/,
    steps: ([, file, tag]) => [
      {
        kind: 'tools',
        text: `Working on ${tag}.`,
        calls: [
          {
            name: 'bash',
            args: { command: `until [ -f ${file} ]; do sleep 0.05; done; touch ${file}-over`, description: 'Work' },
          },
        ],
      },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /refused (#m\d+)/, steps: [{ kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: 30 }] },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

/** No message of these tests interrupts a step by itself. */
const PATIENT = { KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: '60000' }
const COMMANDS = '/applications/:application/guilds/:guild/commands'

const { harness, project, ask: send } = useHarness({ rules: RULES })
let bot: InnerBot

beforeAll(async () => {
  await otherProgram('theirs')
  bot = await startInnerBot(harness, { env: PATIENT })
  await registered()
})

const says = (thread: string, words: string | RegExp): Promise<string> => harness.untilSaid(thread, words)
const stoppedLines = (thread: string): number => harness.said(thread).filter((text) => text.includes('stopped by **ada**')).length
const asked = (tag: string): number =>
  harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(tag)).length

/** A thread in which the agent waits for the file of this name. */
async function working(file: string, tag: string): Promise<string> {
  const thread = send(`until ${file} ${tag}`)
  await says(thread, `Working on ${tag}`)
  await says(thread, /bash/)
  return thread
}

const answered = (use: Interaction): Promise<string> =>
  harness.emulator.world.until('the answer', () => (use.state === 'answered' ? use.response?.content : undefined))

function abort(thread: string, options: Readonly<Record<string, string>> = {}): Interaction {
  return harness.owner.command(thread, 'abort', options)
}

/** In the session, and the agent has not read it. */
async function unread(tag: string, thread: string): Promise<void> {
  const id = send(tag, thread)
  await until(`${tag} to be in the session`, () => isDelivered(harness, id))
}

async function queued(tag: string, thread: string): Promise<void> {
  send(`${tag}. queue`, thread)
  await says(thread, 'queued at position 1')
}

/** The tool's shell is gone: the file it waits for comes, and it does nothing. */
async function expectStopped(thread: string, file: string, tag: string): Promise<void> {
  await says(thread, 'stopped by **ada**')
  writeFileSync(join(project.directory, file), '')
  expect(asked(tag), 'asked once, before the tool').toBe(1)
  expect(existsSync(join(project.directory, `${file}-over`))).toBe(false)
  expect(stoppedLines(thread)).toBe(1)
}

/** Another program that uses the same account. */
async function otherProgram(name: string): Promise<void> {
  await commands({ method: 'POST', body: JSON.stringify({ name, description: 'Another program' }) })
}

async function commands(request: RequestInit = {}): Promise<readonly APIApplicationCommand[]> {
  const headers = { authorization: `Bot ${harness.application.token}`, 'content-type': 'application/json' }
  const url = `${harness.emulator.apiUrl}/v10/applications/${harness.application.applicationId}/guilds/${harness.guild.id}/commands`
  return (await (await fetch(url, { headers, ...request })).json()) as readonly APIApplicationCommand[]
}

const commandRequests = (method: string): number =>
  harness.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.method === method && entry.route === COMMANDS,
  ).length

const registered = (): Promise<true> =>
  harness.emulator.world.until('every command to be registered', () => commandRequests('POST') > OURS.length || undefined)

test('is registered once, however often the bot starts, and leaves the commands of other programs alone', async () => {
  const known = ['theirs', ...OURS.map(({ name }) => name)]
  // What OpenCode offers stands behind them once it was asked.
  const names = async (): Promise<readonly string[]> => (await commands()).map(({ name }) => name).slice(0, known.length)
  expect(await names()).toEqual(known)
  const reads = commandRequests('GET')
  await bot.stop()
  bot = await startInnerBot(harness, { env: PATIENT })
  expect(commandRequests('GET')).toBe(reads)
  await says(send('#m1'), FOOTER)
  expect(await names()).toEqual(known)
})

test('the run is stopped, what the agent had not read runs next, and the queue goes on', async () => {
  const thread = await working('go-10', '#m10')
  await unread('#m11', thread)
  await queued('#m12', thread)
  const use = abort(thread)
  expect(await answered(use)).toBe(
    '⬦ stopped the run\nNext: one message the agent had not read, then one message from the queue.',
  )
  expect((use.response?.flags ?? 0) & MessageFlags.Ephemeral, 'everybody reads it').toBe(0)
  await says(thread, 'Answer to #m12')
  await harness.untilFooters(thread, 2)
  await expectStopped(thread, 'go-10', '#m10')
  expect(harness.said(thread).filter((text) => text.includes('Answer to #m11'))).toHaveLength(1)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/aborted-unread-kept.txt')
  harness.expectFaithful()
})

test('what the agent had not read is dropped with the run if the person says so; the queue goes on', async () => {
  const thread = await working('go-20', '#m20')
  await unread('#m21', thread)
  await queued('#m22', thread)
  expect(await answered(abort(thread, { unread: 'drop' }))).toBe(
    '⬦ stopped the run\nTook back one message the agent had not read. Next: one message from the queue.',
  )
  await says(thread, 'Answer to #m22')
  await harness.untilFooters(thread, 1)
  await expectStopped(thread, 'go-20', '#m20')
  expect(asked('#m21')).toBe(0)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/aborted-unread-dropped.txt')
})

test('a provider that is asked again and again is not asked any more', async () => {
  const thread = send('refused #m30')
  await says(thread, /asking the provider again/)
  expect(await answered(abort(thread))).toBe('⬦ stopped: the provider is not asked again')
  await says(thread, 'stopped by **ada**')
  expect(asked('#m30')).toBe(1)
})

test('invoked twice it is one stop, and both are answered', async () => {
  const thread = await working('go-31', '#m31')
  const answers = await Promise.all([abort(thread), abort(thread)].map(answered))
  expect(answers[0]).toBe('⬦ stopped the run')
  expect(answers[1]).toMatch(/^⬦ (the run is being stopped already|nothing to stop: the agent is idle)$/)
  await expectStopped(thread, 'go-31', '#m31')
})

test('where nothing runs, or nothing ever ran, a sentence says so', async () => {
  const idle = send('#m32')
  await harness.untilFooters(idle, 1)
  expect(await answered(abort(idle))).toBe('⬦ nothing to stop: the agent is idle')
  expect(await answered(abort(idle, { unread: 'drop' }))).toBe('⬦ nothing to stop: the agent is idle')
  const shellOnly = send('!true')
  await says(shellOnly, 'exit 0')
  expect(await answered(abort(shellOnly))).toBe(
    '⬦ nothing to stop: this thread has no session yet\nWrite a message to begin one.',
  )
  expect([idle, shellOnly].map(stoppedLines)).toEqual([0, 0])
})

test('somebody who may not use the bot is refused, and nothing happens', async () => {
  const thread = await working('go-33', '#m33')
  const eve = harness.emulator.world.user('eve')
  harness.guild.join(eve)
  const use = eve.command(thread, 'abort')
  expect(await answered(use)).toContain('✗ you may not use Kimaki here')
  expect((use.response?.flags ?? 0) & MessageFlags.Ephemeral, 'only eve reads it').toBe(MessageFlags.Ephemeral)
  writeFileSync(join(project.directory, 'go-33'), '')
  await says(thread, 'Answer to #m33')
  expect(harness.said(thread).some((text) => text.includes('stopped'))).toBe(false)
})

test('in the project channel, or a thread that is none of ours, it is refused with a sentence', async () => {
  const chat = harness.owner.startThread(project.channelId, 'chat among people')
  for (const place of [project.channelId, chat.id]) {
    const use = abort(place)
    expect(await answered(use)).toBe('✗ /abort works in a thread that Kimaki answers in.')
    expect((use.response?.flags ?? 0) & MessageFlags.Ephemeral).toBe(MessageFlags.Ephemeral)
  }
})

test('during catch-up it does not wait for what is being read, and what was written before it runs afterwards', async () => {
  const thread = await working('go-40', '#m40')
  const { faults, gateway, world } = harness.emulator
  const reading = faults.add({
    route: 'GET /channels/:channel/messages',
    times: Infinity,
    effect: { kind: 'latency', ms: 4000 },
  })
  gateway.expire(harness.application.id)
  gateway.cut(harness.application.id)
  await world.until('catch-up to begin', () => reading.hits > 0 || undefined)
  send('#m41', thread)
  expect(await answered(abort(thread))).toBe('⬦ stopped the run')
  expect(asked('#m41'), 'held back while its thread is read').toBe(0)
  reading.clear()
  await says(thread, 'Answer to #m41')
  await expectStopped(thread, 'go-40', '#m40')
  harness.expectFaithful()
})

test('a run that lasts gets a button that stops it, also when the bot was killed meanwhile; over, there is none', async () => {
  const thread = await working('go-50', '#m50')
  bot.kill()
  await bot.gone
  bot = await startInnerBot(harness, { env: { ...PATIENT, KIMAKI_STOP_BUTTON_AFTER_MS: '100' } })
  await says(thread, '⬦ working')
  press(harness, thread, 'Stop')
  await expectStopped(thread, 'go-50', '#m50')
  await says(thread, '⬦ the run is over')
  expect(buttonsIn(harness, thread)).toEqual([])
})

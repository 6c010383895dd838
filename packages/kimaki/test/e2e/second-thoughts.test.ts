/** People change their mind: they edit, delete and stop what the agent has got, or has not got yet. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Rule } from 'scripted-model'
import { buttonsIn, type Button } from '../support/buttons.ts'
import { isDelivered, isRecalled } from '../support/delivered.ts'
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
        calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.05; done`, description: 'Work' } }],
      },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /refused (#m\d+)/, steps: [{ kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: 30 }] },
  {
    match: /slowly (#m\d+)/,
    steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag} `.repeat(8), chunks: 8, delayMs: 150 }],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project, ask: send } = useHarness({ rules: RULES })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

const buttons = (thread: string): readonly Button[] => buttonsIn(harness, thread)

test('an edit and a deletion that come too late are told, and change nothing', async () => {
  const thread = send('until go-1 #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  harness.owner.edit(project.channelId, thread, 'until go-2 #m1')
  await harness.untilSaid(thread, 'the edit came too late')
  harness.owner.delete(project.channelId, thread)
  await harness.untilSaid(thread, 'deleted too late')
  writeFileSync(join(project.directory, 'go-1'), '')
  await harness.untilSaid(thread, FOOTER)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/too-late.txt')
})

test('a message that waits behind a step is deleted, one is edited twice, and the agent reads only what is left', async () => {
  const thread = send('until go-3 #m30')
  await harness.untilSaid(thread, 'Working on #m30')
  const [gone, wrong] = [send('#m31', thread), send('#m32', thread)]
  await until('both in the session', () => [gone, wrong].every((id) => isDelivered(harness, id)))
  harness.owner.delete(thread, gone)
  harness.owner.edit(thread, wrong, '#m33')
  harness.owner.edit(thread, wrong, '#m34')
  await until('both changed', () => [gone, wrong].every((id) => isRecalled(harness, id)))
  writeFileSync(join(project.directory, 'go-3'), '')
  await harness.untilSaid(thread, 'Answer to #m34')
  await harness.untilSaid(thread, FOOTER)
  expect(harness.model.log.flatMap(({ userTexts }) => userTexts).filter((text) => /#m3[123]/.test(text))).toEqual([])
  const said = harness.said(thread).join('\n')
  expect(said).toContain('deleted before the agent saw it: not run')
  expect(said).not.toMatch(/too late|Answer to #m3[0123]/)
})

test('a message behind the last words of an answer is deleted: nothing is said to it, and the next one runs', async () => {
  const thread = send('slowly #m35')
  await harness.model.until('the answer', ({ userTexts }) => userTexts.some((text) => text.includes('slowly #m35')))
  const gone = send('#m36', thread)
  await until('it is in the session', () => isDelivered(harness, gone))
  harness.owner.delete(thread, gone)
  await harness.untilSaid(thread, FOOTER)
  send('#m37', thread)
  await harness.untilFooters(thread, 2)
  expect(harness.model.log.flatMap(({ userTexts }) => userTexts).filter((text) => text.includes('#m36'))).toEqual([])
  const said = harness.said(thread).join('\n')
  expect(said.match(/(?:Answer to #m35 ?){8}|deleted before|Answer to #m\d+|too late/g)).toEqual([
    expect.stringContaining('#m35'),
    'deleted before',
    'Answer to #m37',
  ])
})

test('Stop ends a run that waits for its provider; pressed twice it is one stop, and the queue goes on', async () => {
  const thread = send('refused #m2')
  await harness.untilSaid(thread, /asking the provider again/)
  send('#m3. queue', thread)
  await harness.untilSaid(thread, 'queued at position 1')
  const [stop] = buttons(thread)
  if (!stop) throw new Error('no button')
  const presses = [1, 2].map(() => harness.owner.press(thread, stop.messageId, stop.customId))
  await harness.untilSaid(thread, 'Answer to #m3')
  await harness.untilSaid(thread, FOOTER)
  expect(presses.map(({ state }) => state)).toEqual(['answered', 'answered'])
  expect(buttons(thread)).toEqual([])
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/stopped.txt')
})

test('a message right behind a Stop does not run into the dying run (P-063)', async () => {
  const thread = send('until never #m5')
  await harness.untilSaid(thread, 'Working on #m5')
  send('refused #m6', thread)
  await harness.untilSaid(thread, /asking the provider again/)
  const [stop] = buttons(thread)
  if (!stop) throw new Error('no button')
  harness.owner.press(thread, stop.messageId, stop.customId)
  send('#m7', thread)
  await harness.untilSaid(thread, 'Answer to #m7')
  await harness.untilSaid(thread, FOOTER)
  expect(
    harness.model.log.filter(({ hasTools, answers }) => hasTools && answers.some((text) => text.includes('#m7'))),
  ).toHaveLength(1)
})

test('somebody who may not use the bot presses in vain, and is told why', async () => {
  const thread = send('refused #m4')
  await harness.untilSaid(thread, /asking the provider again/)
  const [stop] = buttons(thread)
  if (!stop) throw new Error('no button')
  const stranger = harness.emulator.world.user('eve')
  harness.guild.join(stranger)
  const press = stranger.press(thread, stop.messageId, stop.customId)
  await harness.emulator.world.until('the refusal', () => press.response)
  expect(press.response?.content).toContain('you may not use Kimaki here')
  expect(harness.said(thread).some((text) => text.includes('stopped by'))).toBe(false)
  harness.owner.press(thread, stop.messageId, stop.customId)
  await harness.untilSaid(thread, 'stopped by **ada**')
})

test('what the agent has not read yet is kept or dropped by a Stop, as its button says', async () => {
  bot.kill()
  await bot.gone
  bot = await startInnerBot(harness, { env: { KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: '60000' } })
  for (const [stop, label, kept] of [
    ['stop:', 'Stop', true],
    ['stop-all:', 'Stop, drop what is unread', false],
  ] as const) {
    const [asked, unread, queued] = [kept ? 10 : 20, kept ? 11 : 21, kept ? 12 : 22].map((number) => `#m${number}`)
    const thread = send(`refused ${asked}`)
    await harness.untilSaid(thread, /asking the provider again/)
    send(`${unread}`, thread)
    send(`${queued}. queue`, thread)
    const button = await harness.emulator.world.until(`the button ${label}`, () =>
      buttons(thread).length > 2 ? buttons(thread).find(({ customId }) => customId.startsWith(stop)) : undefined,
    )
    harness.owner.press(thread, button.messageId, button.customId)
    await harness.untilSaid(thread, `Answer to ${queued}`)
    await harness.untilFooters(thread, kept ? 2 : 1)
    expect(harness.said(thread).some((text) => text.includes(`Answer to ${unread}`))).toBe(kept)
    await expect(await harness.transcript(thread)).toMatchFileSnapshot(
      `snapshots/${kept ? 'stopped-unread-kept' : 'stopped-unread-dropped'}.txt`,
    )
  }
})

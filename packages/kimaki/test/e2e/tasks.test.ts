/** Scheduled tasks with the real bot and its command line: made, run once at their time, also where they were made while no bot ran. */
import type { Rule } from 'scripted-model'
import { expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { runCli, type Ended } from '../support/run-cli.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const RULES: readonly Rule[] = [{ match: /(#[mp]\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] }]

const { harness, project } = useHarness({ rules: RULES })

const kimaki = (...args: readonly string[]): Promise<Ended> => runCli(harness.env, args)
const send = (...args: readonly string[]): Promise<Ended> => kimaki('send', '--channel', project.channelId, ...args)
const idIn = (text: string): string => /\bt[\da-f]{8}\b/.exec(text)?.[0] ?? ''

const threadOf = (tag: string): Promise<string> =>
  harness.emulator.world.until(`a thread about ${tag}`, () =>
    harness.emulator.world
      .threads(project.channelId)
      .map(({ id }) => id)
      .find((id) => harness.said(id).some((text) => text.includes(`Answer to ${tag}`))),
  )

test('a task that was made while no bot ran, and one of a running bot, run once each; their channel is told', async () => {
  const early = await send('--prompt', 'water it #p1', '--send-at', 'in 1s')
  expect(early).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Task t[\da-f]{8} is made\. It runs at .* UTC\.\n$/) as string,
  })
  const bot = await startInnerBot(harness)
  const first = await threadOf('#p1')
  await harness.untilSaid(first, FOOTER)
  await harness.untilSaid(project.channelId, `(\`${idIn(early.stdout)}\`) has run <#${first}>`)
  const later = await send('--prompt', 'feed it #p2', '--send-at', 'in 1s', '--json')
  const { id } = JSON.parse(later.stdout) as { readonly id: string }
  const second = await threadOf('#p2')
  await harness.untilSaid(project.channelId, `(\`${id}\`) has run <#${second}>`)
  const listed = JSON.parse((await kimaki('task', 'show', id, '--json')).stdout) as {
    readonly runs: readonly { readonly state: string }[]
  }
  expect(listed).toMatchObject({ state: 'done', next: null, runs: [{ state: 'done' }] })
  harness.owner.send(second, 'and then? #m1')
  await harness.untilSaid(second, 'Answer to #m1')
  expect(harness.emulator.world.threads(project.channelId)).toHaveLength(2)
  await bot.stop()
})

test('what cannot be is refused, and nothing is saved', async () => {
  const refused = [
    await send('--prompt', 'x', '--send-at', 'tomorrow 9:00'),
    await send('--prompt', 'x', '--send-at', 'every day'),
    await send('--prompt', 'x', '--send-at', 'in 1h', '--wait'),
    await send('--prompt', 'x', '--missed', 'skip'),
  ]
  expect(refused.map(({ code }) => code)).toEqual([64, 64, 64, 64])
  expect(refused[0]?.stderr).toMatch(/nothing is saved\. It can be .*--time-zone UTC/)
  expect((await kimaki('task', 'list')).stdout).toBe('There is no task. "kimaki send --send-at" makes one.\n')
})

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'
import { buttonsIn, press } from '../support/buttons.ts'
import { folderOn, invented } from './answers.ts'
import { both, crashingAt } from './crashing.ts'
import { putNote } from './mixes.ts'
import { POINTS } from './points.ts'
import { RED_CONTROLS } from './red-controls.ts'
import { CRASH_RULES } from './rules.ts'

const { harness, project } = useHarness({ rules: CRASH_RULES, each: true })

const start = (red: string): Promise<InnerBot> => startInnerBot(harness, { decorate: () => RED_CONTROLS[red] ?? {} })

/** The same run with a safeguard taken away (or none): killed at the point, started again, one more message answered. */
async function killedAt(name: string, red: string): Promise<readonly string[]> {
  const point = POINTS.find((each) => each.name === name)
  if (!point) throw new Error(`no point ${name}`)
  let armed = false
  const doomed = await startInnerBot(harness, {
    decorate: (_config, { die }) => both(crashingAt(point, { armed: () => armed, die }), RED_CONTROLS[red] ?? {}),
  })
  armed = true
  harness.owner.send(project.channelId, 'text #m1')
  await doomed.gone
  await start(red)
  const second = harness.owner.send(project.channelId, 'text #m2')
  await harness.untilSaid(second.id, /^\*alpha/)
  return found()
}

const found = (): readonly string[] => harness.verdict().findings.map(({ kind }) => kind)

/** What is amiss may show a little later than the second answer. */
const FINDS = { timeout: 20_000 }

test('with every safeguard in place the checker finds nothing', async () => {
  expect(await killedAt('post-after', 'none')).toEqual([])
})

test('red control: acting before the commit doubles the message', async () => {
  await killedAt('post-after', 'commit-after-acting')
  await expect.poll(found, FINDS).toContain('doubled')
})

test('red control: moving the position before the message is on record loses it', async () => {
  await killedAt('accept-after-commit', 'position-before-message')
  await expect.poll(found, FINDS).toContain('lost')
})

test.each([
  ['forgets-the-queue', ['lost']],
  ['none', []],
])('a message waits in the queue, the bot is killed (%s)', async (red, found) => {
  const doomed = await start(red)
  rmSync(join(project.directory, 'm1'), { force: true })
  const { id } = harness.owner.send(project.channelId, 'wait #m1')
  await harness.untilSaid(id, /bash/)
  harness.owner.send(id, 'text #m2. queue')
  await harness.untilSaid(id, 'queued at position 1')
  doomed.kill()
  await doomed.gone
  await start(red)
  writeFileSync(join(project.directory, 'm1'), '')
  await harness.untilSaid(id, /Done with #m1|interrupted/)
  const last = harness.owner.send(project.channelId, 'text #m3')
  await harness.untilSaid(last.id, /^\*alpha/)
  await harness.untilSaid(id, red === 'none' ? 'Answer to #m2' : /Done with #m1|interrupted/)
  expect(harness.verdict().findings.map(({ kind }) => kind)).toEqual(found)
})

test('red control: without nonce and look-back a post stands twice', async () => {
  await killedAt('post-after', 'no-nonce-no-look-back')
  await expect.poll(found, FINDS).toContain('doubled')
})

test.each([
  ['none', []],
  ['answers-by-position', ['left1']],
])('two questions stand at once, and somebody answers the second (%s)', async (red, made) => {
  await start(red)
  const { id } = harness.owner.send(project.channelId, 'pick #m1')
  for (const label of ['left1', 'up1'])
    await harness.emulator.world.until(`the button ${label}`, () => buttonsIn(harness, id).find((each) => each.label === label))
  press(harness, id, 'up1')
  await harness.untilSaid(id, /✓ answered by/)
  expect(invented(harness, [id], new Set(['up1']))).toEqual(made)
})

test.each([
  ['none', []],
  ['answers-by-position', ['north1 read']],
])('two permissions are asked for at once, and somebody allows the second (%s)', async (red, made) => {
  await start(red)
  for (const folder of ['north1', 'south1']) putNote(harness, folder)
  const { id } = harness.owner.send(project.channelId, 'permit #m1')
  const [, south] = await Promise.all(
    ['north1', 'south1'].map(async (folder) =>
      harness.emulator.world.until(`the card of ${folder}`, () =>
        buttonsIn(harness, id).find(({ label, text }) => label === 'Allow once' && folderOn(text) === folder),
      ),
    ),
  )
  harness.owner.press(id, south?.messageId ?? '', south?.customId ?? '')
  await harness.untilSaid(id, /✓ allowed once by/)
  expect(invented(harness, [id], new Set(['south1 read']))).toEqual(made)
})

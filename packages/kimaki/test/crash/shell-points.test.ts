/** The bot is killed wherever it can be while somebody runs a shell command: it runs once or not at all, and its thread says which. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { useHarness } from '../support/use-harness.ts'
import { startDoomed } from './doomed.ts'
import { POINTS } from './points.ts'

/** Of those that messages of all kinds meet. */
const SHARED: readonly string[] = [
  'accept-before-commit',
  'accept-after-commit',
  'step-before-commit',
  'step-after-commit',
  'thread-before',
  'thread-after',
  'plan-before-commit',
  'plan-after-commit',
  'post-before',
  'post-after',
  'post-id-before-commit',
  'post-id-after-commit',
  'edit-before',
  'edit-after',
  'close-turn-before-commit',
  'close-turn-after-commit',
]

const { harness, project } = useHarness({ rules: [], opencode: 'none' })

beforeAll(async () => {
  // An orderly stop puts the gateway session on record: new ones are few a minute.
  const first = await harness.bot()
  await harness.untilSaid(harness.owner.send(project.channelId, '!true').id, 'exit 0')
  await first.stop()
})

const POINTS_OF_COMMANDS = POINTS.filter(({ name, load }) => load === 'shell' || SHARED.includes(name))

test.each(POINTS_OF_COMMANDS)('killed at $name, it is run once or not at all, and told once', async (point) => {
  const { name } = point
  const doomed = await startDoomed(harness, point, point.load === 'shell' ? {} : { where: 'inside' })
  doomed.arm()
  const { id } = harness.owner.send(project.channelId, `!echo once | tee -a ran-${name}`)
  await doomed.died
  const next = await doomed.next()
  await harness.untilSaid(id, /exit 0|not run: it was written|restarted before it had ended/)
  await harness.emulator.world.until('the button to go', () => !stoppable(id) || undefined)
  await next.kill()
  const file = join(project.directory, `ran-${name}`)
  const ran = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const texts = harness.said(id).filter((text) => text !== '')
  const cards = texts.filter((text) => /^⬦ \$ [^\n]*\n/.test(text) && !/^⬦ \$ [^\n]*: ✗/.test(text))
  expect(cards).toHaveLength(1)
  expect(texts.length - cards.length).toBe(cards[0]?.includes('restarted') ? 1 : 0)
  expect(['', 'once\n']).toContain(ran)
  if (cards[0]?.includes('exit 0')) expect(ran).toBe('once\n')
  if (cards[0]?.includes('not run: ')) expect(ran).toBe('')
})

const stoppable = (thread: string): boolean =>
  harness.emulator.world.messages(thread).some(({ components = [] }) => components.length > 0)

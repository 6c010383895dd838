/** The bot is killed wherever it can be while a person answers the agent: what was answered reaches OpenCode once, nothing else does. */
import { expect, test } from 'vitest'
import { buttonsIn } from '../support/buttons.ts'
import { useHarness } from '../support/use-harness.ts'
import { folderOn, invented } from './answers.ts'
import { startDoomed } from './doomed.ts'
import { putNote } from './mixes.ts'
import { POINTS } from './points.ts'
import { CRASH_RULES } from './rules.ts'

const { harness, project } = useHarness({ rules: CRASH_RULES })
let count = 0

function allow(thread: string, folder: string): void {
  const button = buttonsIn(harness, thread).find((each) => each.label === 'Allow once' && folderOn(each.text) === folder)
  if (!button) throw new Error(`no card of ${folder}`)
  harness.owner.press(thread, button.messageId, button.customId)
}

const until = (thread: string, folder: string, what: RegExp): Promise<unknown> =>
  harness.emulator.world.until(`${what.source} on the card of ${folder}`, () =>
    harness.said(thread).find((text) => folderOn(text) === folder && what.test(text)),
  )

test.each(POINTS.filter(({ load }) => load === 'permit'))(
  'killed at $name, the answer reaches OpenCode once, and stands on the card',
  async (point) => {
    const doomed = await startDoomed(harness, point, { where: 'inside' })
    const number = (count += 1)
    const [north, south] = [`north${number}`, `south${number}`]
    for (const folder of [north, south]) putNote(harness, folder)
    const { id } = harness.owner.send(project.channelId, `permit #m${number}`)
    for (const folder of [north, south]) await until(id, folder, /Allow always/)
    doomed.arm()
    allow(id, south)
    await doomed.died
    const next = await doomed.next()
    // Nobody has heard of it.
    if (point.name === 'press-before-commit') allow(id, south)
    await until(id, south, /✓ allowed once by/)
    await until(id, north, /Allow always/)
    allow(id, north)
    await harness.untilSaid(id, `Permitted ${north}=read ${south}=read for #m${number}.`)
    await harness.untilSaid(id, /^\*alpha/)
    await next.kill()
    expect(invented(harness, [id], new Set([`${south} read`, `${north} read`]))).toEqual([])
    expect(harness.said(id).filter((text) => folderOn(text) !== undefined && text.startsWith('⬦ The agent asks'))).toHaveLength(2)
    harness.expectFaithful()
  },
)

/**
 * The bot is killed wherever it can be while a person answers the agent, lets in what a guest wrote, or gets a file of the agent: what was
 * answered reaches OpenCode once, nothing else does, and each file stands once.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callAsAgent } from '../support/agent-tool.ts'
import { buttonsIn, type Button } from '../support/buttons.ts'
import { DOT } from '../support/dot.ts'
import { useHarness } from '../support/use-harness.ts'
import { folderOn, invented, labelOf } from './answers.ts'
import { startDoomed, type Doomed } from './doomed.ts'
import { putNote } from './mixes.ts'
import { pointsIn, type AskLoad, type Point } from './points.ts'
import { CRASH_RULES } from './rules.ts'

const { harness, project, ask } = useHarness({ rules: CRASH_RULES })
const FOOTER = /^\*alpha/
let count = 0

/** Plays what leads to the point, lets the bot die there, and expects what must be true with the bot after it. */
type Play = (doomed: Doomed, point: Point, number: number) => Promise<void>

const PLAYS: Readonly<Record<AskLoad, Play>> = { permit, question, buttons, upload, guest, picture }

/** Nobody has heard of the press: Discord tells whoever pressed that it came to nothing. */
const isUnheard = ({ name }: Point): boolean => name.startsWith('press-') && name.endsWith('-before-commit')

test.each(pointsIn('ask-points'))('killed at $name, $load: what a person did counts once', async (point) => {
  const env = { KIMAKI_GUEST_APPROVAL: '1' }
  await PLAYS[point.load](await startDoomed(harness, point, { where: 'inside', env }), point, (count += 1))
  harness.expectFaithful()
})

const untilButton = async (thread: string, isMeant: (button: Button) => boolean): Promise<Button> =>
  harness.emulator.world.until('the button', () => buttonsIn(harness, thread).find(isMeant))

async function pressed(thread: string, isMeant: (button: Button) => boolean) {
  const { messageId, customId } = await untilButton(thread, isMeant)
  return harness.owner.press(thread, messageId, customId)
}

async function permit(doomed: Doomed, point: Point, number: number): Promise<void> {
  const [north, south] = [`north${number}`, `south${number}`]
  for (const folder of [north, south]) putNote(harness, folder)
  const thread = ask(`permit #m${number}`)
  const until = (folder: string, what: RegExp): Promise<unknown> =>
    harness.emulator.world.until(`${what.source} on the card of ${folder}`, () =>
      harness.said(thread).find((text) => folderOn(text) === folder && what.test(text)),
    )
  const allow = (folder: string) => pressed(thread, ({ label, text }) => label === 'Allow once' && folderOn(text) === folder)
  for (const folder of [north, south]) await until(folder, /Allow always/)
  doomed.arm()
  await allow(south)
  await doomed.died
  const next = await doomed.next()
  if (isUnheard(point)) await allow(south)
  await until(south, /✓ allowed once by/)
  await until(north, /Allow always/)
  await allow(north)
  await harness.untilSaid(thread, `Permitted ${north}=read ${south}=read for #m${number}.`)
  await harness.untilSaid(thread, FOOTER)
  await next.kill()
  expect(invented(harness, [thread], new Set([`${south} read`, `${north} read`]))).toEqual([])
  expect(harness.said(thread).filter((text) => folderOn(text) !== undefined && text.startsWith('⬦ The agent asks'))).toHaveLength(
    2,
  )
}

/** Two are asked at once; the second is answered first. */
async function question(doomed: Doomed, point: Point, number: number): Promise<void> {
  const tag = `#m${number}`
  const [left, up] = [labelOf('left', tag), labelOf('up', tag)]
  const thread = ask(`pick ${tag}`)
  for (const option of [left, up]) await untilButton(thread, ({ label }) => label === option)
  const pick = (option: string) => pressed(thread, ({ label }) => label === option)
  doomed.arm()
  await pick(up)
  await doomed.died
  const next = await doomed.next()
  if (isUnheard(point)) await pick(up)
  await harness.untilSaid(thread, /: up\d+\n✓ answered by \*\*ada\*\*$/)
  await pick(left)
  await harness.untilSaid(thread, `Picked ${left} ${up} for ${tag}.`)
  await harness.untilSaid(thread, FOOTER)
  await next.kill()
  expect(invented(harness, [thread], new Set([left, up]))).toEqual([])
}

async function buttons(doomed: Doomed, point: Point, number: number): Promise<void> {
  const label = `Paint #m${number}`
  const thread = ask(`text #m${number}${SECOND}`)
  await harness.untilSaid(thread, FOOTER)
  const offered = { threadId: thread, callId: 'call_1', tool: 'action-buttons', args: { buttons: [{ label }, { label: 'No' }] } }
  await callAsAgent(harness, project, offered)
  const paint = () => pressed(thread, (button) => button.label === label)
  await untilButton(thread, (button) => button.label === label)
  doomed.arm()
  await paint()
  await doomed.died
  const next = await doomed.next()
  if (isUnheard(point)) await paint()
  await harness.untilSaid(thread, `Answer to #m${number}.`)
  await harness.untilSaid(thread, `✓ **ada** pressed **${label}**`)
  await harness.untilFooters(thread, 2)
  await next.kill()
  expect(askedWith(`I pressed the button "${label}"`)).toBe(1)
}

/** So that the tag of the press is one of its own. */
const SECOND = '000'

/** How often the model was asked to answer these words, as the last that it was told. */
const askedWith = (words: string): number =>
  harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(words)).length

async function upload(doomed: Doomed, point: Point, number: number): Promise<void> {
  const thread = ask(`wait #m${number}`)
  await harness.untilSaid(thread, /bash _until/)
  const args = { prompt: 'The log, please', maxFiles: 2 }
  const output = callAsAgent(harness, project, { threadId: thread, callId: 'call_1', tool: 'file-upload', args })
  const send = async (): Promise<void> => {
    const opening = await pressed(thread, ({ label }) => label === 'Send files…')
    await harness.emulator.world.until('the picker', () => opening.modal)
    harness.owner.fill(opening, { files: [{ name: `log${number}.txt`, data: `all is well ${number}` }] })
  }
  await untilButton(thread, ({ label }) => label === 'Send files…')
  doomed.arm()
  await send()
  await doomed.died
  const next = await doomed.next()
  if (isUnheard(point)) await send()
  await harness.untilSaid(thread, new RegExp(`✓ uploads/\\S+log${number}\\.txt`))
  const path = await output
  expect(readFileSync(path, 'utf8')).toBe(`all is well ${number}`)
  const saved = readdirSync(join(project.directory, 'uploads')).filter((name) => name.endsWith(`log${number}.txt`))
  expect(saved.map((name) => join(project.directory, 'uploads', name))).toEqual([path])
  writeFileSync(join(project.directory, `m${number}`), '')
  await harness.untilSaid(thread, FOOTER)
  await next.kill()
  expect(harness.said(thread).filter((text) => text.includes('asks for files'))).toHaveLength(1)
}

async function guest(doomed: Doomed, point: Point, number: number): Promise<void> {
  const eve = harness.emulator.world.user(`eve${number}`)
  harness.guild.join(eve)
  const thread = ask(`text #m${number}${SECOND}`)
  await harness.untilSaid(thread, FOOTER)
  eve.send(thread, `may I? #m${number}`)
  await harness.untilSaid(thread, /\*\*eve\d+\*\* waits/)
  const letIn = () => pressed(thread, ({ label }) => label === 'Let this message in')
  doomed.arm()
  await letIn()
  await doomed.died
  const next = await doomed.next()
  if (isUnheard(point)) await letIn()
  await harness.untilSaid(thread, `Answer to #m${number}.`)
  await harness.untilSaid(thread, /^✓ \*\*ada\*\* let in .*\*\*eve\d+\*\*$/)
  await harness.untilFooters(thread, 2)
  await next.kill()
  expect(askedWith(`may I? #m${number}`)).toBe(1)
}

async function picture(doomed: Doomed, _point: Point, number: number): Promise<void> {
  writeFileSync(join(project.directory, 'dot.png'), DOT)
  doomed.arm()
  const thread = ask(`picture #m${number}`)
  await doomed.died
  const next = await doomed.next()
  await harness.untilSaid(thread, FOOTER)
  const files = harness.emulator.world.messages(thread).flatMap(({ attachments }) => attachments.map(({ size }) => size))
  expect(files).toEqual([70])
  const said = harness.said(thread)
  expect(said.findIndex((text) => text.includes('📄'))).toBeLessThan(said.findIndex((text) => text.includes('Done with')))
  const copies = join(harness.dataDir, 'attachments', thread)
  await harness.emulator.world.until('no copy', () => readdirSync(copies).length === 0 || undefined)
  await next.kill()
}

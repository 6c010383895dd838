/** `. btw`: a question aside, while the task it is about goes on. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'

/** The checker knows one home for each tagged message; what is said here stands in two sessions, so nothing is tagged. */
const RULES: readonly Rule[] = [
  {
    match: /build (\w+)/,
    steps: ([, what]) => [
      {
        kind: 'tools',
        text: 'I build.',
        calls: [{ name: 'bash', args: { command: `until [ -f ${what} ]; do sleep 0.05; done`, description: 'Build' } }],
      },
      { kind: 'text', text: `Built ${what}.` },
    ],
  },
  { match: /why (\w+)/, steps: ([, what]) => [{ kind: 'text', text: `Because of ${what}.` }] },
  { match: /(\w+) is (\w+)/, steps: ([, what, how]) => [{ kind: 'text', text: `I remember that ${what} is ${how}.` }] },
]

const { harness, project } = useHarness({ rules: RULES })

beforeAll(async () => {
  await startInnerBot(harness)
})

const footers = (thread: string): number => harness.said(thread).filter((text) => /^\*alpha/m.test(text)).length
const asides = (name: string) =>
  harness.emulator.world.threads(project.channelId).filter((thread) => 'name' in thread && thread.name === name)
const untilAside = async (name: string): Promise<string> =>
  harness.emulator.world.until(`the thread ${name}`, () => asides(name)[0]?.id)
async function running(what: string): Promise<string> {
  const { id } = harness.owner.send(project.channelId, `${what} is blue`)
  await harness.untilFooters(id, 1)
  harness.owner.send(id, `build ${what}`)
  await harness.untilSaid(id, /bash _until/)
  return id
}

test('asked while a tool runs: it is answered in a thread of its own, from all that was said; the task goes on and ends as usual', async () => {
  const id = await running('castle')
  harness.owner.send(id, 'why blue. btw')
  const aside = await untilAside('btw: why blue')
  await harness.untilFooters(aside, 1)
  await harness.untilSaid(id, `⬦ asked aside in <#${aside}>`)
  expect(footers(id), 'the task still runs').toBe(1)
  expect(harness.emulator.world.channel(aside)).toMatchObject({ parent_id: project.channelId, type: 11 })

  const heard = harness.model.log.findLast(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes('why blue'))
  expect(heard?.userTexts.slice(0, 2)).toEqual([
    expect.stringContaining('castle is blue'),
    expect.stringContaining('build castle'),
  ])
  const question = heard?.userTexts.at(-1) ?? ''
  expect(question).toMatch(
    /<aside parent-session="ses_\w+">\nThis is a question aside\.[^]*Do not continue[^]*<\/aside>[^]*why blue\s/,
  )
  expect(question).not.toContain('btw')

  writeFileSync(join(project.directory, 'castle'), '')
  await harness.untilSaid(id, 'Built castle.')
  await harness.untilFooters(id, 2)
  await expect(await harness.transcript(id)).toMatchFileSnapshot('snapshots/asked-aside.txt')
  await expect(await harness.transcript(aside)).toMatchFileSnapshot('snapshots/aside.txt')
  const builds = harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes('build castle'))
  expect(builds, 'a request before the tool and one after it').toHaveLength(2)
})

test('its thread goes on as any other, and is there for whoever asked', async () => {
  const { id } = harness.owner.send(project.channelId, 'garden is green')
  await harness.untilFooters(id, 1)
  harness.owner.send(id, 'why green? btw')
  const aside = await untilAside('btw: why green?')
  await harness.untilFooters(aside, 1)
  expect(
    harness.emulator.journal.entries.some(
      (entry) =>
        entry.kind === 'request' && entry.method === 'PUT' && entry.path.endsWith(`${aside}/thread-members/${harness.owner.id}`),
    ),
  ).toBe(true)
  harness.owner.send(aside, 'why now')
  await harness.untilSaid(aside, 'Because of now.')
  const sessions = harness.model.log
    .filter(({ hasTools, userTexts }) => hasTools && /why (green|now)/.test(userTexts.at(-1) ?? ''))
    .map(({ sessionId }) => sessionId)
  expect(new Set(sessions).size).toBe(1)
  expect(harness.said(id).filter((text) => text.includes('Because'))).toEqual([])
})

test('a thread that was opened though nobody said so is found, not opened twice', async () => {
  const { id } = harness.owner.send(project.channelId, 'lake is deep')
  await harness.untilFooters(id, 1)
  const fault = harness.emulator.faults.add({ route: 'POST /channels/:channel/threads', effect: { kind: 'reset-after' } })
  harness.owner.send(id, 'why deep. btw')
  const aside = await untilAside('btw: why deep')
  await harness.untilFooters(aside, 1)
  expect(fault.hits).toBe(1)
  expect(asides('btw: why deep')).toHaveLength(1)
})

test('in a project channel there is nothing to leave aside: it is an ordinary message', async () => {
  const { id } = harness.owner.send(project.channelId, 'why not. btw')
  await harness.untilSaid(id, 'Because of not.')
  const heard = harness.model.log.findLast(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes('why not'))
  expect(heard?.userTexts.at(-1)).not.toMatch(/btw|<aside/)
})

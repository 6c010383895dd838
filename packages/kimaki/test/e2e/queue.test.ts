/** The queue, with the real bot: what waits is seen, follows its author, and runs once the agent is done, whatever dies. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Rule } from 'scripted-model'
import { press } from '../support/buttons.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { newestServer } from '../support/servers.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { signalTo } from '../support/pids.ts'

const tool = (command: string, tag: string | undefined): ReturnType<Extract<Rule['steps'], (...args: never) => unknown>> => [
  { kind: 'tools', text: `Working on ${tag}.`, calls: [{ name: 'bash', args: { command, description: 'Work' } }] },
  { kind: 'text', text: `Answer to ${tag}` },
]

const RULES: readonly Rule[] = [
  { match: /until (\S+) (#m\d+)/, steps: ([, file, tag]) => tool(`until [ -f ${file} ]; do sleep 0.05; done`, tag) },
  {
    match: /ask (\S+) (#m\d+)/,
    steps: ([, file, tag]) => [
      ...tool(`until [ -f ${file} ]; do sleep 0.05; done`, tag).slice(0, 1),
      {
        kind: 'tools',
        calls: [
          {
            name: 'question',
            args: { questions: [{ question: 'Which colour?', header: 'Colour', options: [{ label: 'Red', description: 'r' }] }] },
          },
        ],
      },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /refused (#m\d+)/, steps: [{ kind: 'error', status: 401, message: 'who are you' }] },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project, ask: send } = useHarness({ rules: RULES })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

let tags = 0
const newTag = (): string => `#m${(tags += 1)}`
const cards = (thread: string): readonly string[] => harness.said(thread).filter((text) => text.includes('queue'))
const cardSays = async (thread: string, words: string | RegExp): Promise<string> => harness.untilSaid(thread, words)
/** What the model was asked last each time, in order. */
const heard = (): readonly string[] =>
  harness.model.log.flatMap(({ hasTools, userTexts }) => (hasTools ? (userTexts.at(-1) ?? []) : []))
const wasHeard = (words: string): boolean => heard().some((text) => text.includes(words))
const firstHeard = (...tagged: readonly string[]): readonly number[] =>
  tagged.map((words) => heard().findIndex((text) => text.includes(words)))

/** A thread in which the agent works until `finish` is called. */
async function busy(): Promise<{ readonly thread: string; readonly tag: string; finish(): void }> {
  const tag = newTag()
  const file = `go-${tag.slice(1)}`
  const thread = send(`until ${file} ${tag}`)
  await harness.untilSaid(thread, `Working on ${tag}`)
  return { thread, tag, finish: () => writeFileSync(join(project.directory, file), '') }
}

test('waits for the end of the run, with its place, and then runs with a line that says whose turn it is', async () => {
  const { thread, tag, finish } = await busy()
  const [first, second] = [newTag(), newTag()]
  send(`${first}. queue`, thread)
  send(`${second}? Queue`, thread)
  await cardSays(thread, 'queued at position 1')
  await cardSays(thread, 'queued at position 2')
  expect(wasHeard(first)).toBe(false)
  finish()
  await harness.untilSaid(thread, `Answer to ${second}`)
  const lines = harness.said(thread).join('\n')
  const places = [
    `Answer to ${tag}`,
    `» **ada:** ${first}`,
    `Answer to ${first}`,
    `» **ada:** ${second}`,
    `Answer to ${second}`,
  ].map((words) => lines.indexOf(words))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places).not.toContain(-1)
  harness.expectFaithful()
  await harness.untilFooters(thread, 3)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/queued.txt')
})

test('the author edits it, takes the suffix away, deletes it', async () => {
  const { thread, finish } = await busy()
  const edited = newTag()
  const ids = ['old words. queue', 'never one. queue', 'never two. queue'].map((text) => send(text, thread))
  await cardSays(thread, 'queued at position 3')
  harness.owner.edit(thread, ids[0] ?? '', `new words ${edited}. queue`)
  harness.owner.edit(thread, ids[1] ?? '', 'never one')
  harness.owner.delete(thread, ids[2] ?? '')
  await harness.emulator.world.until(
    'two taken out',
    () => cards(thread).filter((text) => text.includes('taken out')).length === 2 || undefined,
  )
  finish()
  await harness.untilSaid(thread, `Answer to ${edited}`)
  expect(wasHeard('old words')).toBe(false)
  expect(wasHeard('never')).toBe(false)
  await harness.untilFooters(thread, 2)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/queue-edited.txt')
})

test('the button takes it out, once; pressed again it says nothing new', async () => {
  const { thread, tag, finish } = await busy()
  send('never three. queue', thread)
  await cardSays(thread, 'queued at position 1')
  press(harness, thread, 'Remove from queue')
  await cardSays(thread, 'taken out of the queue by **ada**')
  expect(() => press(harness, thread, 'Remove from queue')).toThrow('no button')
  finish()
  await harness.untilSaid(thread, `Answer to ${tag}`)
  await harness.untilSaid(thread, FOOTER)
  expect(wasHeard('never three')).toBe(false)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/queue-removed.txt')
})

test('a run that fails does not keep it from running (P-001)', async () => {
  const tag = newTag()
  const { thread, finish } = await busy()
  send(`refused ${newTag()}. queue`, thread)
  send(`${tag}. queue`, thread)
  await cardSays(thread, 'queued at position 2')
  finish()
  await harness.untilSaid(thread, `Answer to ${tag}`)
  expect(harness.said(thread).some((text) => text.includes('who are you'))).toBe(true)
})

test('survives kill -9 of the bot and of OpenCode', async () => {
  const { thread, finish } = await busy()
  const [first, second] = [newTag(), newTag()]
  send(`${first}. queue`, thread)
  send(`${second}. queue`, thread)
  await cardSays(thread, 'queued at position 2')
  bot.kill()
  await bot.gone
  bot = await startInnerBot(harness)
  signalTo(newestServer(harness), 'SIGKILL')
  finish()
  await harness.untilSaid(thread, `Answer to ${second}`)
  const [one = -1, two = -1] = firstHeard(first, second)
  expect(one).toBeGreaterThan(-1)
  expect(two).toBeGreaterThan(one)
  harness.expectFaithful()
})

test('while the agent asks, the queue waits; answered, the run hands over exactly one (P-055, P-056)', async () => {
  const [tag, first, second] = [newTag(), newTag(), newTag()]
  const file = `go-${tag.slice(1)}`
  const thread = send(`ask ${file} ${tag}`)
  await harness.untilSaid(thread, `Working on ${tag}`)
  send(`until ${file}-first ${first}. queue`, thread)
  send(`${second}. queue`, thread)
  await cardSays(thread, 'queued at position 2')
  writeFileSync(join(project.directory, file), '')
  await harness.untilSaid(thread, /Which colour/)
  expect(wasHeard(first)).toBe(false)
  press(harness, thread, 'Red')
  await harness.untilSaid(thread, `Working on ${first}`)
  await cardSays(thread, 'queued at position 1')
  expect(wasHeard(second)).toBe(false)
  writeFileSync(join(project.directory, `${file}-first`), '')
  await harness.untilSaid(thread, `Answer to ${second}`)
  await harness.untilFooters(thread, 3)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/queue-and-question.txt')
})

test('whoever may no longer use the bot when the turn comes is refused, and the queue goes on', async () => {
  const kimaki = harness.guild.role({ name: 'kimaki' })
  const friend = harness.emulator.world.user('bea')
  harness.guild.join(friend, [kimaki.id])
  const { thread, finish } = await busy()
  const [theirs, ours] = [newTag(), newTag()]
  friend.send(thread, `${theirs}. queue`)
  send(`${ours}. queue`, thread)
  await cardSays(thread, 'queued at position 2')
  harness.guild.setRoles(friend.id, [])
  finish()
  await harness.untilSaid(thread, `Answer to ${ours}`)
  expect(wasHeard(theirs)).toBe(false)
  expect(harness.said(thread).filter((text) => text.startsWith('✗ not run'))).toHaveLength(1)
})

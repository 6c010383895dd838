/** `/name args` in a message is OpenCode's command of that name, if there is one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'

const RULES: readonly Rule[] = [
  {
    match: /wait for (\w+) (#m\d+)/,
    steps: ([, file, tag]) => [
      {
        kind: 'tools',
        calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.05; done`, description: 'Wait' } }],
      },
      { kind: 'text', text: `Waited ${tag}` },
    ],
  },
  {
    match: /keep a note (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'write', args: { filePath: 'note.txt', content: `${tag}\n` } }] },
      { kind: 'text', text: `Noted ${tag}` },
    ],
  },
  { match: /Greet them warmly: ([^\n]*) (#m\d+)/, steps: ([, whom, tag]) => [{ kind: 'text', text: `Dear ${whom} ${tag}` }] },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project } = useHarness({ rules: RULES })
let bot: InnerBot

beforeAll(async () => {
  const folder = join(project.directory, '.opencode', 'command')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'greet.md'), '---\ndescription: Greets\n---\nGreet them warmly: $ARGUMENTS\n')
  writeFileSync(join(folder, 'slow.md'), 'please wait for $1 $2\n')
  bot = await startInnerBot(harness)
})

const promptOf = (tag: string): string =>
  harness.model.log.findLast(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(tag))?.userTexts.at(-1) ?? ''

test('a known one is run with all that follows, and its answer stands in the thread', async () => {
  const { id } = harness.owner.send(project.channelId, '/greet ada and bob #m1')
  await harness.untilSaid(id, 'Dear ada and bob #m1')
  await harness.untilSaid(id, /^\*alpha/)
  expect(promptOf('#m1')).toMatch(/^Greet them warmly: ada and bob #m1\n/)
  expect(promptOf('#m1')).toContain('<discord-user name="ada"')
  harness.expectFaithful()
})

test('in a thread, by the name that Discord shows, with a file', async () => {
  const { id } = harness.owner.send(project.channelId, 'hello #m2')
  await harness.untilSaid(id, /^\*alpha/)
  harness.owner.send(id, '/greet-cmd cleo #m3', {
    files: [{ name: 'notes.txt', contentType: 'text/plain', data: 'cleo likes tea\n' }],
  })
  await harness.untilSaid(id, 'Dear cleo #m3')
  expect(promptOf('#m3')).toContain('cleo likes tea')
  await harness.untilFooters(id, 2)
  harness.expectFaithful()
  await expect(await harness.transcript(id)).toMatchFileSnapshot('snapshots/command.txt')
})

test('one that nobody knows is text', async () => {
  const { id } = harness.owner.send(project.channelId, '/nobody knows #m4')
  await harness.untilSaid(id, 'Answer to #m4')
  expect(promptOf('#m4')).toMatch(/^\/nobody knows #m4/)
})

test('with `. queue` it waits for its turn', async () => {
  const { id } = harness.owner.send(project.channelId, 'wait for turn #m5')
  await harness.untilSaid(id, /bash _until/)
  harness.owner.send(id, '/greet dora #m6. queue')
  await harness.untilSaid(id, 'queued at position 1')
  writeFileSync(join(project.directory, 'turn'), '')
  await harness.untilSaid(id, 'Dear dora #m6')
  expect(harness.said(id).findIndex((text) => text.includes('Waited #m5'))).toBeLessThan(
    harness.said(id).findIndex((text) => text.includes('Dear dora')),
  )
  expect(promptOf('#m6')).toMatch(/^Greet them warmly: dora #m6\n/)
  harness.expectFaithful()
})

test('given while a long tool runs it stops that, and its words are said once', async () => {
  const { id } = harness.owner.send(project.channelId, 'wait for nothing #m8')
  await harness.untilSaid(id, /bash _until/)
  harness.owner.send(id, '/greet eve #m9')
  await harness.untilSaid(id, 'Dear eve #m9')
  await harness.untilSaid(id, /^\*alpha/)
  expect(harness.said(id).some((text) => text.includes('⬦ stopped to read the new message'))).toBe(true)
  expect(promptOf('#m9').match(/Greet them warmly/g)).toHaveLength(1)
  harness.expectFaithful()
})

test('the bot is killed while it runs: it goes on, and is answered once', async () => {
  const { id } = harness.owner.send(project.channelId, '/slow go #m7')
  await harness.untilSaid(id, /bash _until/)
  bot.kill()
  await bot.gone
  writeFileSync(join(project.directory, 'go'), '')
  bot = await startInnerBot(harness)
  await harness.untilSaid(id, 'Waited #m7')
  await harness.untilSaid(id, /^\*alpha/)
  expect(harness.said(id).filter((text) => text.includes('Waited #m7'))).toHaveLength(1)
  expect(promptOf('#m7').match(/please wait/g)).toHaveLength(1)
  harness.expectFaithful()
})

test('two threads that write the same file are told; the menu of a message and /why tell where things stand', async () => {
  const [one, other] = ['#m10', '#m11'].map((tag) => harness.owner.send(project.channelId, `keep a note ${tag}`).id)
  if (one === undefined || other === undefined) throw new Error('two were sent')
  await harness.untilSaid(one, new RegExp(`^⬦ <#${other}> has written \\*\\*note\\.txt\\*\\*`))
  await harness.untilSaid(other, new RegExp(`^⬦ <#${one}> has written \\*\\*note\\.txt\\*\\*`))
  await harness.untilFooters(one, 1)
  await harness.untilFooters(other, 1)
  const told = (use: { readonly response: { readonly content: string } | undefined }): Promise<string> =>
    harness.emulator.world.until('the answer', () => use.response?.content || undefined)
  expect(await told(harness.owner.contextMenu(project.channelId, 'Where is this?', one))).toMatch(/^⬦ answered: https:/)
  expect(await told(harness.owner.command(one, 'why'))).toMatch(/^⬦ nothing holds this up: the agent is idle/)
})

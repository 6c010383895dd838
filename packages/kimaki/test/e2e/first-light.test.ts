import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'
import { E2E_RULES } from './rules.ts'

const FOOTER = /^\*alpha ⋅ main ⋅ .*scripted-model\*$/

let house: House
let project: Project

beforeAll(async () => {
  house = await startHouse({ rules: E2E_RULES, emulator: { rateLimits: false } })
  project = await house.project('alpha')
  await house.bot()
})

afterAll(async () => {
  await house?.stop()
})

const ask = (text: string, channelId = project.channelId): string => house.owner.send(channelId, text).id

test('a first message, sent in the moment the bot is ready, opens a thread with the answer and a footer', async () => {
  const thread = ask('hello there #m1')
  await house.untilSaid(thread, 'Answer to #m1')
  await house.untilSaid(thread, FOOTER)
  house.expectFaithful()
})

test('the thread is named from the message, then from the session', async () => {
  const thread = ask('please look at the parser and say what it does #m2')
  await house.emulator.world.until('the thread', () => house.emulator.world.channel(thread))
  await house.emulator.world.until('the new name', () =>
    house.emulator.journal.entries.find(
      (entry) => entry.kind === 'request' && entry.method === 'PATCH' && entry.path.includes(thread),
    ),
  )
  await house.untilSaid(thread, FOOTER)
  expect(house.emulator.world.channel(thread)).toMatchObject({
    name: 'please look at the parser and',
  })
})

test('a follow-up goes to the same session', async () => {
  const thread = ask('remember this #m3')
  await house.untilSaid(thread, FOOTER)
  ask('and now this #m4', thread)
  await house.untilSaid(thread, 'Answer to #m4')
  const sessions = house.model.log
    .filter(({ hasTools, userTexts }) => hasTools && userTexts.some((text) => /#m[34]\b/.test(text)))
    .map(({ sessionId }) => sessionId)
  expect(new Set(sessions).size).toBe(1)
  house.expectFaithful()
})

test('five messages within 150 ms are read in order, each once', async () => {
  const thread = ask('first of six #m5')
  await house.untilSaid(thread, FOOTER)
  for (const tag of ['#m6', '#m7', '#m8', '#m9', '#m10']) ask(`burst ${tag}`, thread)
  await house.untilSaid(thread, 'Answer to #m10')
  const last = house.model.log.findLast(({ hasTools, userTexts }) => hasTools && userTexts.some((text) => text.includes('#m10')))
  expect(last?.userTexts.flatMap((text) => text.match(/#m\d+/g) ?? [])).toEqual(['#m5', '#m6', '#m7', '#m8', '#m9', '#m10'])
  house.expectFaithful()
})

test('a tool run really writes a file, and its lines stand in the thread in order', async () => {
  const thread = ask('write hello.txt #m11')
  await house.untilSaid(thread, 'Written #m11')
  await house.untilSaid(thread, FOOTER)
  expect(readFileSync(join(project.directory, 'hello.txt'), 'utf8')).toBe('good\nmorning\n')
  const lines = house
    .said(thread)
    .join('\n')
    .split('\n')
    .filter((line) => /^[◼┣⬥]/u.test(line))
  expect(lines.map((line) => line.replace(/ ⟦.*⟧/, ''))).toEqual([
    '⬥ I will write it.',
    '◼︎ write *hello.txt* (1 line)',
    '◼︎ edit *hello.txt* (+2-1)',
    '┣ bash _cat hello.txt_',
    '⬥ Written #m11',
  ])
  house.expectFaithful()
})

test('a long answer is split at 2000 characters with its fences whole', async () => {
  const thread = ask('long #m12')
  await house.untilSaid(thread, FOOTER)
  const parts = house.emulator.world
    .messages(thread)
    .filter(({ author, content }) => author.id === house.application.id && content !== '')
  expect(parts.length).toBeGreaterThan(5)
  for (const { content } of parts) {
    expect(content.length).toBeLessThanOrEqual(2000)
    expect((content.match(/^```/gm) ?? []).length % 2).toBe(0)
  }
  house.expectFaithful()
})

test('an answer beyond eight messages becomes an opening and a Markdown file', async () => {
  const thread = ask('huge #m13')
  await house.untilSaid(thread, FOOTER)
  const withFile = house.emulator.world.messages(thread).filter(({ attachments }) => attachments.length > 0)
  expect(withFile).toHaveLength(1)
  expect(withFile[0]?.attachments[0]?.filename).toMatch(/\.md$/)
  await house.untilSaid(thread, 'Paragraph 400')
  house.expectFaithful()
})

test('a provider error is told, and the thread works afterwards', async () => {
  const thread = ask('unauthorized #m14')
  await house.untilSaid(thread, /^✗ opencode session error: .*the key is not valid.*401/)
  ask('again #m15', thread)
  await house.untilSaid(thread, 'Answer to #m15')
  house.expectFaithful()
})

test('a model that answers nothing for ever is stopped, and the thread works afterwards', async () => {
  const thread = ask('silent #m16')
  await house.untilSaid(thread, /^✗ .*/)
  ask('again #m17', thread)
  await house.untilSaid(thread, 'Answer to #m17')
  expect(house.model.log.filter(({ userTexts, hasTools }) => hasTools && userTexts.at(-1)?.includes('#m16')).length).toBeLessThan(
    20,
  )
})

test('a permission is rejected at once with a line that names it', async () => {
  const thread = ask('ask #m18')
  await house.untilSaid(thread, /^⬦ .*(external_directory|permission)/i)
  ask('go on #m19', thread)
  await house.untilSaid(thread, 'Answer to #m19')
})

test('a question is rejected at once with a line that names it', async () => {
  const thread = ask('question #m20')
  await house.untilSaid(thread, /^⬦ .*Which colour/)
  ask('go on #m21', thread)
  await house.untilSaid(thread, 'Answer to #m21')
})

test('two channels work at once, each in its own folder', async () => {
  const beta = await house.project('beta')
  const [one, two] = [ask('write here.txt #m22'), ask('write here.txt #m23', beta.channelId)]
  await Promise.all([house.untilSaid(one, 'Written #m22'), house.untilSaid(two, 'Written #m23')])
  expect(existsSync(join(project.directory, 'here.txt')) && existsSync(join(beta.directory, 'here.txt'))).toBe(true)
  house.expectFaithful()
})

test('a project folder that is gone is told, and works again once it is back', async () => {
  const gamma = await house.project('gamma')
  renameSync(gamma.directory, `${gamma.directory}-away`)
  const thread = ask('hello #m24', gamma.channelId)
  await house.untilSaid(thread, /^✗ .*gamma/)
  renameSync(`${gamma.directory}-away`, gamma.directory)
  ask('hello again #m25', thread)
  await house.untilSaid(thread, 'Answer to #m25')
})

test('the agent sees neither the bot token nor our internal variables, and no file of ours is in its folder', async () => {
  const thread = ask('environment #m26')
  await house.untilSaid(thread, 'Looked.')
  const env = readFileSync(join(project.directory, 'env.txt'), 'utf8')
  expect(env).not.toContain(house.application.token)
  expect(env).not.toMatch(/^KIMAKI_/m)
  expect(env.match(/^PATH=(.*)$/m)?.[1]).not.toContain('node_modules/.bin')
  expect(existsSync(join(project.directory, '.opencode'))).toBe(false)
})

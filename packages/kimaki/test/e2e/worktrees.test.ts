/** A thread in a worktree, with real git and OpenCode: it works there, is kept from the checkout, and its commits are merged and taken back. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Interaction, Person } from 'discord-emulator'
import type { Step } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'

const bash = (command: string): Step => ({ kind: 'tools', calls: [{ name: 'bash', args: { command, description: 'Run' } }] })

const { harness, project } = useHarness({
  opencode: 'lent',
  rules: [
    {
      match: 'commit a leaf',
      steps: [
        { kind: 'tools', calls: [{ name: 'write', args: { filePath: 'leaf.txt', content: 'green\n' } }] },
        bash('pwd > where; git add leaf.txt && git -c user.name=a -c user.email=a@example.org commit -qm leaf; rm where'),
        { kind: 'text', text: 'Committed.' },
      ],
    },
    {
      match: /write outside (\S+)/,
      steps: ([, checkout = '']) => [
        { kind: 'tools', calls: [{ name: 'write', args: { filePath: `${checkout}/by-tool.txt`, content: 'x' } }] },
        bash(`echo x > ${checkout}/by-redirection.txt`),
        bash('env | grep ^OPENCODE_ORIGINAL_REPO_DIRECTORY= > place.txt; pwd >> place.txt'),
        { kind: 'text', text: 'Tried.' },
      ],
    },
  ],
})

beforeAll(async () => void (await startInnerBot(harness)))

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', project.directory, ...args], { encoding: 'utf8' }).trim()

async function told(place: string, name: string, options: Parameters<Person['command']>[2] = {}): Promise<Interaction> {
  const use = await harness.emulator.world.until(`/${name} to be registered`, () => invoked(place, name, options))
  await harness.emulator.world.until(`the answer to /${name}`, () => use.response?.content || undefined)
  return use
}

/** Both turns have told their end. */
const idle = (thread: string): Promise<unknown> =>
  harness.emulator.world.until(
    'two footers',
    () => harness.said(thread).filter((text) => text.includes('*leaf ⋅ opencode/kimaki-leaf')).length >= 2 || undefined,
  )

/** Undefined as long as the bot has not registered the command. */
function invoked(...use: Parameters<Person['command']>): Interaction | undefined {
  try {
    return harness.owner.command(...use)
  } catch (error) {
    if (String(error).includes('Unknown application command')) return undefined
    throw error
  }
}

test('works in it, is kept from the checkout, is merged, taken back, and listed', async () => {
  const { owner } = harness
  const before = git('rev-parse', 'main')
  const begun = await told(project.channelId, 'new-worktree', { name: 'Leaf' })
  const thread = /<#(\d+)>/.exec(begun.response?.content ?? '')?.[1] ?? ''
  const made = await harness.untilSaid(thread, /branch `opencode\/kimaki-leaf`, made from `main`/)
  const folder = /`([^`]+\/worktrees\/[^`]+)`/.exec(made)?.[1] ?? ''

  owner.send(thread, `write outside ${project.directory}`)
  await harness.untilSaid(thread, /Tried\./)
  expect(['by-tool.txt', 'by-redirection.txt'].map((name) => existsSync(join(project.directory, name)))).toEqual([false, false])
  expect(readFileSync(join(folder, 'place.txt'), 'utf8')).toBe(
    `OPENCODE_ORIGINAL_REPO_DIRECTORY=${project.directory}\n${folder}\n`,
  )
  execFileSync('rm', [join(folder, 'place.txt')])

  owner.send(thread, 'commit a leaf')
  await harness.untilSaid(thread, /Committed\./)
  expect([existsSync(join(folder, 'leaf.txt')), existsSync(join(project.directory, 'leaf.txt'))]).toEqual([true, false])

  await idle(thread)
  expect((await told(thread, 'merge-worktree')).response?.content).toMatch(/^⬦ merging/)
  await harness.untilSaid(thread, /✓ merged `opencode\/kimaki-leaf` into \*\*main\*\*: 1 commit,/)
  expect([git('log', '-1', '--format=%s', 'main'), existsSync(join(project.directory, 'leaf.txt'))]).toEqual(['leaf', true])

  await told(thread, 'undo-git')
  await harness.untilSaid(thread, /✓ taken back: \*\*main\*\*/)
  expect([git('rev-parse', 'main'), existsSync(join(project.directory, 'leaf.txt'))]).toEqual([before, false])

  const listed = await told(project.channelId, 'worktrees')
  expect(listed.response?.content).toMatch(/`opencode\/kimaki-leaf`: Kimaki, nothing uncommitted, 1 ahead/)
})

/** `/merge-worktree` and `/undo-git` in a thread: what is told, how a conflict reaches the agent, and that the merge goes on by itself. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WorktreeError } from '../../src/base/errors.ts'
import type { CommandInvocation } from '../../src/domain/conversation/request.ts'
import type { MergedWorktree, MergeRequest } from '../../src/ports/git/worktrees.ts'
import { CHANNEL, GUILD, message, nextId, OWNER, ownerAccess } from '../support/conversation.ts'
import { position } from './support/fake-chat.ts'
import { allClosed, commandEvent, DIRECTORY, openHarness, postsIn, type BotRun, type Harness } from './support/harness.ts'
import { until } from './support/until.ts'

let harness: Harness
let bot: BotRun
let thread: string
beforeEach(async () => {
  harness = await openHarness()
  bot = await harness.run()
  await bot.submit({
    key: 'send:1',
    request: {
      kind: 'begin',
      message: message('tidy', { id: 'send:1', author: { kind: 'program', name: 'kimaki send', userId: undefined } }),
      begins: { name: 'Tidy', worktree: { slug: 'fix', isNamed: true } },
    },
    conversation: { id: 'begin:1', guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY, inThread: false },
    at: harness.clock.now(),
  })
  await until('the prompt', () => bot.agent.prompts.length === 1)
  thread = bot.chat.started[0]?.id ?? ''
})
afterEach(() => harness.close())

const MERGED: MergedWorktree = {
  kind: 'merged',
  branch: 'opencode/kimaki-fix',
  target: 'main',
  from: 'aaaa',
  to: 'cccc',
  commits: 2,
}

async function invoke(name: string, options: CommandInvocation['options'] = {}): Promise<string> {
  const event = commandEvent(thread, name, { options })
  bot.chat.emit({ ...event, access: ownerAccess, place: { ...event.place, projectChannelId: CHANNEL, inThread: true } })
  const answer = (): string | undefined => bot.chat.answered.find(({ token }) => token === event.command.token)?.text
  await until('the answer', () => answer() !== undefined)
  return answer() ?? ''
}

function press(action: string, about: string): void {
  const pressed = {
    id: nextId(),
    guildId: GUILD,
    channelId: thread,
    messageId: '2',
    customId: `${action}:${about}`,
    userId: OWNER,
  }
  bot.chat.emit({
    kind: 'pressed',
    press: { ...pressed, userName: 'Ann' },
    place: { channelId: thread, projectChannelId: CHANNEL, inThread: true },
    token: 'token',
    access: ownerAccess,
    position: position(90),
  })
}

const told = (): string => [...postsIn(bot, thread), ...bot.texts()].join('\n')

/** Edits keep a distance of a second. */
const shows = async (words: string): Promise<void> =>
  until(words, () => {
    harness.clock.advance(100)
    return told().includes(words)
  })

test('merges once the agent is done, tells what moved, and takes it back on request', async () => {
  expect(await invoke('merge-worktree')).toMatch(/^✗ not merged: the agent is at work/)
  bot.answer('msg_a', 'Done.')
  await allClosed(bot)
  const asked: MergeRequest[] = []
  bot.git.on.merge = async (request) => (asked.push(request), MERGED)
  expect(await invoke('merge-worktree', { 'target-branch': 'main' })).toMatch(/^⬦ merging/)
  await shows('✓ merged `opencode/kimaki-fix` into **main**: 2 commits')
  expect(asked).toMatchObject([{ source: DIRECTORY, directory: '/data/worktrees/0123abcd/fix', target: 'main' }])
  await allClosed(bot)
  bot.git.on.undo = async () => new WorktreeError({ reason: 'main has moved on since the merge' })
  await invoke('undo-git')
  await shows('✗ not taken back: main has moved on since the merge')
  bot.git.on.undo = async () => undefined
  press('merge-undo', asked[0]?.id ?? '')
  await shows('✓ taken back: **main** is at `aaaa` again')
})

test('a conflict goes to the agent; when its turn ends the merge goes on by itself', async () => {
  bot.answer('msg_a', 'Done.')
  await allClosed(bot)
  const results: MergedWorktree[] = [{ kind: 'conflict', files: ['a.ts'] }, MERGED]
  bot.git.on.merge = async () => results.shift() ?? MERGED
  await invoke('merge-worktree')
  await until('the prompt', () => bot.agent.prompts.length === 2)
  const words = JSON.stringify(bot.agent.prompts[1]?.parts)
  expect(words).toContain('Files in conflict: a.ts')
  await shows('the rebase has a conflict in a.ts')
  bot.answer('msg_b', 'Resolved.')
  await shows('✓ merged')
  expect(results).toEqual([])
})

test('a rebase that the agent leaves unfinished gets a card: once more, or given up', async () => {
  bot.answer('msg_a', 'Done.')
  await allClosed(bot)
  const asked: string[] = []
  bot.git.on.merge = async ({ id }) => (asked.push(id), { kind: 'conflict', files: ['a.ts'] })
  await invoke('merge-worktree')
  await until('the prompt', () => bot.agent.prompts.length === 2)
  bot.answer('msg_b', 'I cannot.')
  await shows('a rebase is still in progress')
  press('merge-again', asked[0] ?? '')
  await until('the next attempt', () => asked.length === 3)
  await allClosed(bot)
  press('merge-abort', asked[0] ?? '')
  await shows('⬦ not merged: the rebase was given up')
  expect(bot.agent.prompts).toHaveLength(2)
})

test('a program has it merged, too; taking that back needs the rights of whoever sets up projects', async () => {
  bot.answer('msg_a', 'Done.')
  await allClosed(bot)
  await bot.submit({
    key: 'merge:9',
    request: { kind: 'merge-asked', act: 'merge', id: '9' },
    conversation: { id: thread, guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY, inThread: true },
    at: harness.clock.now(),
  })
  await shows('✓ merged')
  bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: 'another' })
  press('merge-undo', '9')
  await shows('✗')
  expect(told()).not.toContain('taken back')
})

test('what git refuses is told, and the thread goes on', async () => {
  bot.answer('msg_a', 'Done.')
  await allClosed(bot)
  bot.git.on.merge = async () => new WorktreeError({ reason: 'there is nothing to merge' })
  await invoke('merge-worktree')
  await shows('✗ not merged: there is nothing to merge')
  bot.reply({ id: thread }, 'go on')
  await until('the prompt', () => bot.agent.prompts.length === 2)
  expect(bot.agent.prompts[1]?.directory).toBe('/data/worktrees/0123abcd/fix')
})

/** Threads that work in a worktree: made before the session, waited for, told; and what becomes of them when it cannot be made, or the bot dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WorktreeError } from '../../src/base/errors.ts'
import type { Beginning } from '../../src/domain/conversation/request.ts'
import type { AgentPort } from '../../src/ports/agent.ts'
import type { MadeWorktree } from '../../src/ports/git/worktrees.ts'
import type { Acceptance } from '../../src/ports/store.ts'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'
import { allClosed, commandEvent, DIRECTORY, never, openHarness, postsIn, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness({ usesWorktrees: false })))
afterEach(() => harness.close())

const FOLDER = '/data/worktrees/0123abcd/fix'

const begin = (begins: Partial<Beginning> = { worktree: { slug: 'fix', isNamed: true } }): Acceptance => ({
  key: 'send:1',
  request: {
    kind: 'begin',
    message: message('count the leaves', { id: 'send:1', author: { kind: 'program', name: 'kimaki send', userId: undefined } }),
    begins: { name: 'Leaves', ...begins },
  },
  conversation: { id: 'begin:1', guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY, inThread: false },
  at: harness.clock.now(),
})

const threadOf = (bot: BotRun): string => bot.chat.started[0]?.id ?? ''
/** What `/permissions` says in the thread. */
async function listed(bot: BotRun): Promise<string> {
  bot.chat.emit(commandEvent(threadOf(bot), 'permissions'))
  await until('the answer', () => bot.chat.answered.length > 0)
  return bot.chat.answered[0]?.text ?? ''
}

/** Sessions as they are asked for from now on. */
function sessionsOf({ agent }: BotRun): readonly Parameters<AgentPort['openSession']>[] {
  const asked: Parameters<AgentPort['openSession']>[] = []
  const openSession = agent.openSession.bind(agent)
  const port: Pick<AgentPort, 'openSession'> = agent
  port.openSession = async (directory, mark, isRetry, rules) => {
    asked.push([directory, mark, isRetry, rules])
    return openSession(directory, mark, isRetry)
  }
  return asked
}

const told = (bot: BotRun): string => postsIn(bot, threadOf(bot)).join('\n')

describe('a thread that asked for a worktree', () => {
  test('has it made, works there, and its session may not open the checkout it came from', async () => {
    const bot = await harness.run()
    const sessions = sessionsOf(bot)
    await bot.submit(begin())
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.git.made).toMatchObject([{ source: DIRECTORY, slug: 'fix', isNamed: true }])
    expect(bot.agent.prompts[0]?.directory).toBe(FOLDER)
    expect(sessions.map(([directory, , , rules]) => ({ directory, rules }))).toEqual([
      {
        directory: FOLDER,
        rules: [DIRECTORY, `${DIRECTORY}/*`].map((pattern) => ({ permission: 'external_directory', pattern, action: 'deny' })),
      },
    ])
    bot.answer('msg_a', 'Seven.')
    await allClosed(bot)
    expect(told(bot)).toContain('branch `opencode/kimaki-fix`, made from `main`')
  })

  test('P-226, D-11: what is written meanwhile waits, and runs in order; a shell command too', async () => {
    const bot = await harness.run()
    const sessions = sessionsOf(bot)
    const making = Promise.withResolvers<MadeWorktree>()
    bot.git.on.make = async () => making.promise
    await bot.submit(begin())
    await until('the attempt', () => bot.git.made.length === 1)
    bot.reply({ id: threadOf(bot) }, 'and the branches')
    bot.reply({ id: threadOf(bot) }, '!ls')
    await quiet(20)
    expect([sessions.length, bot.shell.runs.length]).toEqual([0, 0])
    expect(told(bot)).toContain('its worktree is being made')
    const worktree = { source: DIRECTORY, directory: FOLDER, branch: 'opencode/kimaki-fix', base: 'main', commit: 'c' }
    making.resolve({ ...worktree, warnings: ['the submodule lib is missing'] })
    await until('both prompts', () => bot.agent.prompts.length === 2)
    await until('the command', () => bot.shell.runs.length === 1)
    expect(bot.agent.prompts.map(({ directory }) => directory)).toEqual([FOLDER, FOLDER])
    expect(bot.shell.runs[0]?.directory).toBe(FOLDER)
    expect(told(bot)).toContain('the submodule lib is missing')
  })

  test('and gets none is told why; nothing runs in the project folder until somebody writes again', async () => {
    const bot = await harness.run()
    const sessions = sessionsOf(bot)
    bot.git.on.make = async () => new WorktreeError({ reason: 'the name "fix" is taken' })
    await bot.submit(begin())
    await until('the line', () => told(bot).includes('no worktree: the name "fix" is taken'))
    await allClosed(bot)
    expect(sessions).toEqual([])
    bot.reply({ id: threadOf(bot) }, 'then here')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.agent.prompts[0]?.directory).toBe(DIRECTORY)
  })

  test('what people have allowed for the project holds there, too', async () => {
    const bot = await harness.run(({ store }) => ({
      allowances: async () => [
        ...(await store.allowances()),
        {
          id: 'a1',
          directory: DIRECTORY,
          permission: 'bash',
          patterns: ['date *'],
          userId: '3',
          userName: 'Ann',
          conversation: '1',
          at: 1,
        },
      ],
    }))
    await bot.submit(begin())
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(await listed(bot)).toContain('date *')
  })

  test('begins others in the project, not in its own worktree', async () => {
    const bot = await harness.run()
    await bot.submit(begin())
    await until('the prompt', () => bot.agent.prompts.length === 1)
    bot.chat.emit(commandEvent(threadOf(bot), 'new-worktree', { options: { name: 'other' } }))
    await until('the second one', () => bot.git.made.length === 2)
    expect(bot.git.made[1]).toMatchObject({ source: DIRECTORY, slug: 'other' })
    bot.chat.emit(commandEvent(threadOf(bot), 'new-session', { options: { prompt: 'and this' } }))
    await until('the prompt', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts[1]?.directory).toBe(DIRECTORY)
  })

  test('killed while it is made, the next bot asks for the same one again', async () => {
    const first = await harness.run()
    first.git.on.make = async () => never
    await first.submit(begin())
    await until('the attempt', () => first.git.made.length === 1)
    const next = await harness.run()
    await until('the prompt', () => next.agent.prompts.length === 1)
    expect(next.git.made).toEqual(first.git.made)
    expect(next.agent.prompts[0]?.directory).toBe(FOLDER)
  })

  test('without words it waits for somebody to write', async () => {
    const bot = await harness.run()
    const sessions = sessionsOf(bot)
    await bot.submit(begin({ worktree: { slug: 'fix', isNamed: true }, isEmpty: true }))
    await until('the line', () => told(bot).includes('opencode/kimaki-fix'))
    await allClosed(bot)
    expect(sessions).toEqual([])
    bot.reply({ id: threadOf(bot) }, 'count them')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.agent.prompts[0]?.directory).toBe(FOLDER)
  })
})

describe('where the channel gives each new thread a worktree', () => {
  beforeEach(async () => {
    await harness.close()
    harness = await openHarness({ usesWorktrees: true })
  })

  test('a message in the channel works in one, named after its words; a thread of people does not', async () => {
    const bot = await harness.run()
    bot.send('Please reorganise the documentation')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.git.made.map(({ slug, isNamed }) => [slug, isNamed])).toEqual([['pls-rrgns-th-dcmnttn', undefined]])
    expect(bot.agent.prompts[0]?.directory).toBe('/data/worktrees/0123abcd/pls-rrgns-th-dcmnttn')
  })

  test('where it cannot be made the agent works in the project folder, and the thread says so', async () => {
    const bot = await harness.run()
    bot.git.on.make = async () => new WorktreeError({ reason: 'the project folder is no git repository' })
    const { id } = bot.send('hello')
    await until('the prompt', () => bot.agent.prompts.length === 1)
    expect(bot.agent.prompts[0]?.directory).toBe(DIRECTORY)
    await until('the line', () => postsIn(bot, id).join('\n').includes('The agent works in the project folder.'))
  })
})

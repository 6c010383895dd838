/** Scheduled tasks on a whole bot: each planned instant has one run, whenever the bot dies, and people are told what became of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TaskOrder } from '../../../src/app/tasks/orders.ts'
import { AgentRefused, ChatUnknown } from '../../../src/base/errors.ts'
import type { Task } from '../../../src/domain/schedule/task.ts'
import type { Acceptance, Batch } from '../../../src/ports/store.ts'
import { CHANNEL, OWNER, ownerAccess } from '../../support/conversation.ts'
import { hangsAt, never, openHarness, postsIn, prompted, type BotRun, type Harness } from '../support/harness.ts'
import * as turns from '../support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const until = async (what: string, holds: () => unknown): Promise<void> =>
  turns.until(what, () => {
    harness.clock.advance(1)
    return holds()
  })

let made = 0
const order = (prompt: string, facts: Partial<Omit<TaskOrder, 'request'>> & { readonly request?: object } = {}): TaskOrder => {
  const { request, ...rest } = facts
  made += 1
  const id = `${String(made).padStart(8, '0')}-0000-4000-8000-000000000000`
  return {
    request: { id, target: { kind: 'channel', channelId: CHANNEL, name: undefined }, prompt, ...request },
    sendAt: 'in 1h',
    machineZone: 'UTC',
    notifyOnly: false,
    overlaps: false,
    missed: 'run',
    ...rest,
  }
}

async function make(bot: BotRun, one: TaskOrder): Promise<Task> {
  const task = await bot.tasks.make(one, {})
  if (task instanceof Error) throw task
  return task
}

const answering = ({ agent }: { readonly agent: BotRun['agent'] }): void => agent.answers('water it', 'Done.')

const inChannel = (bot: BotRun): string => postsIn(bot, CHANNEL).join('\n')
const prompts = (bot: BotRun, words: string): number =>
  bot.agent.prompts.filter((prompt) => JSON.stringify(prompt).includes(words)).length
const runsOf = async (bot: BotRun, { id }: Task): Promise<readonly string[]> =>
  (await bot.store.tasks.runsOf(id, 50)).map(({ state }) => state).toReversed()
const ended = (bot: BotRun, task: Task, count = 1): Promise<void> =>
  until('the end of the run', async () => (await runsOf(bot, task)).filter((state) => state !== 'running').length >= count)

describe('a task', () => {
  test('begins a thread at its instant and not before, and its channel is told of the end in one line', async () => {
    const bot = await harness.run()
    bot.agent.answers('count the leaves', 'Seven.')
    const task = await make(bot, order('count the leaves'))
    harness.clock.advance(HOUR - 2)
    await turns.quiet()
    expect(bot.chat.started).toEqual([])
    await ended(bot, task)
    const [thread] = bot.chat.started
    expect(thread?.name).toBe('count the leaves')
    await until('the line', () => inChannel(bot).includes('has run'))
    expect(inChannel(bot)).toBe(`⬥ task **count the leaves** (\`${task.id}\`) has run <#${thread?.id}>`)
    expect(await bot.store.tasks.byId(task.id)).toMatchObject({ state: 'done', failures: 0 })
    // A reply goes on in the same session.
    bot.agent.answers('and the roots', 'Two.')
    bot.send('and the roots', { channelId: thread?.id ?? '', inThread: true })
    await until('the reply', () => prompts(bot, 'and the roots') === 1)
    expect(new Set(bot.agent.prompts.map(({ session }) => session)).size).toBe(1)
  })

  test('of a cron expression runs at each of its times', async () => {
    const bot = await harness.run()
    bot.agent.answers('water it', 'Done.')
    const task = await make(bot, order('water it', { sendAt: '0 * * * *' }))
    for (const count of [1, 2, 3]) {
      harness.clock.advance(HOUR)
      await ended(bot, task, count)
    }
    const runs = await bot.store.tasks.runsOf(task.id, 50)
    expect(runs.map(({ planned }) => planned % HOUR)).toEqual([0, 0, 0])
    expect(prompts(bot, 'water it')).toBe(3)
  })

  test('into a thread speaks there', async () => {
    const bot = await harness.run()
    const first = await prompted(bot)
    bot.answer('msg_a', 'Planted.')
    bot.agent.answers('look again', 'It grows.')
    const task = await make(bot, order('look again', { request: { target: { kind: 'thread', threadId: first.id } } }))
    harness.clock.advance(HOUR)
    await ended(bot, task)
    await until('the answer', () => postsIn(bot, first.id).join('\n').includes('It grows.'))
    expect(bot.chat.started).toEqual([])
  })

  test('that only reminds mentions the person, and nobody runs', async () => {
    const bot = await harness.run()
    const task = await make(bot, order('stand up', { notifyOnly: true, request: { userId: OWNER } }))
    bot.chat.on.accessOf = async () => ownerAccess
    harness.clock.advance(HOUR)
    await until('the reminder', () => inChannel(bot).includes('stand up'))
    expect(inChannel(bot)).toBe(`<@${OWNER}> stand up`)
    expect([bot.agent.prompts.length, await runsOf(bot, task)]).toEqual([0, ['done']])
  })
})

describe('what was missed while the machine was off', () => {
  const missing = async (missed: Task['missed']): Promise<readonly [BotRun, Task]> => {
    const first = await harness.run()
    const task = await make(first, order('water it', { sendAt: '0 * * * *', missed }))
    await first.stop()
    harness.clock.jump(5 * HOUR)
    const bot = await harness.run(answering)
    await until('a run on record', async () => (await runsOf(bot, task)).some((state) => state !== 'running'))
    return [bot, task]
  }

  test('is run once, and told as late', async () => {
    const [bot, task] = await missing('run')
    await until('the line', () => inChannel(bot).includes('has run late'))
    expect([prompts(bot, 'water it'), await runsOf(bot, task)]).toEqual([1, ['done']])
    expect((await bot.store.tasks.byId(task.id))?.next).toBeGreaterThan(harness.clock.now())
  })

  test('is skipped where the task says so', async () => {
    const [bot, task] = await missing('skip')
    await until('the line', () => inChannel(bot).includes('was skipped'))
    expect([prompts(bot, 'water it'), await runsOf(bot, task)]).toEqual([0, ['skipped']])
  })
})

/** As if the row of the run were not there to tell that it is the same. */
function loose(one: Acceptance): Acceptance {
  const { request } = one
  if (request.kind !== 'begin') return one
  const message = { ...request.message, id: 'send:loose' }
  return { ...one, key: 'send:loose', request: { ...request, message }, conversation: { ...one.conversation, id: 'begin:loose' } }
}

describe('a kill', () => {
  const begins = (batch: Batch): boolean =>
    batch.tasks?.some((change) => change.kind === 'run') === true && batch.accept !== undefined
  const ends = (batch: Batch): boolean =>
    batch.tasks?.some((change) => change.kind === 'run' && change.run.state === 'done') === true

  test.each<readonly [string, (batch: Batch) => boolean, 'before' | 'after']>([
    ['before a run is on record', begins, 'before'],
    ['after a run is on record', begins, 'after'],
    ['before the end of a run is on record', ends, 'before'],
    ['after the end of a run is on record', ends, 'after'],
  ])('%s leaves one run and one line', async (_, isMeant, side) => {
    let isHanging = false
    const first = await harness.run(({ store, agent }) => {
      agent.answers('water it', 'Done.')
      return hangsAt((batch) => {
        const isThis = isMeant(batch)
        isHanging ||= isThis
        return isThis
      }, side)({ store })
    })
    const task = await make(first, order('water it'))
    harness.clock.advance(HOUR)
    await until('the commit', () => isHanging)
    await turns.quiet()
    const bot = await harness.run(answering)
    await ended(bot, task)
    await until('the line', () => inChannel(bot).includes('has run'))
    await turns.quiet()
    expect(prompts(first, 'water it') + prompts(bot, 'water it')).toBeGreaterThanOrEqual(1)
    expect([bot.chat.started.length, await runsOf(bot, task)]).toEqual([1, ['done']])
    expect(inChannel(bot).split('has run').length - 1).toBe(1)
  })

  test('red control: a run that begins without its row is run twice', async () => {
    let isHanging = false
    const first = await harness.run(({ store }) => ({
      async commit(batch) {
        if (!begins(batch)) return store.commit(batch)
        const { tasks: _tasks, accept = [], ...rest } = batch
        await store.commit({ ...rest, accept: accept.map(loose) })
        isHanging = true
        return never
      },
    }))
    await make(first, order('water it'))
    harness.clock.advance(HOUR)
    await until('the commit', () => isHanging)
    const bot = await harness.run(answering)
    await until('two threads', () => bot.chat.started.length === 2)
    expect(bot.chat.started.map(({ name }) => name)).toEqual(['water it', 'water it'])
  })
})

describe('a task is not run', () => {
  test('while its run before goes on, unless it may', async () => {
    const bot = await harness.run()
    const task = await make(bot, order('think long', { sendAt: '0 * * * *' }))
    const free = await make(bot, order('think aside', { sendAt: '0 * * * *', overlaps: true }))
    for (const count of [1, 2]) {
      harness.clock.advance(HOUR)
      await until(
        'the runs',
        async () => (await runsOf(bot, task)).length === count && (await runsOf(bot, free)).length === count,
      )
    }
    expect(await runsOf(bot, task)).toEqual(['running', 'skipped'])
    expect(await runsOf(bot, free)).toEqual(['running', 'running'])
    expect(await bot.tasks.runNow(task.id)).toMatchObject({ message: expect.stringContaining('run before goes on') as unknown })
  })

  test('once its creator may not speak any more: it pauses, and says so', async () => {
    const bot = await harness.run()
    const task = await make(bot, order('water it', { request: { userId: OWNER } }))
    bot.chat.on.accessOf = async () => ({ ...ownerAccess, ownerId: '1', memberRoleIds: undefined })
    harness.clock.advance(HOUR)
    await until('the line', () => inChannel(bot).includes('is paused'))
    expect(inChannel(bot)).toContain(`<@${OWNER}>`)
    expect(await bot.store.tasks.byId(task.id)).toMatchObject({ state: 'paused' })
    expect(bot.agent.prompts).toEqual([])
  })

  test('while Discord does not say whether its creator may, and then once', async () => {
    const bot = await harness.run()
    bot.agent.answers('water it', 'Done.')
    const task = await make(bot, order('water it', { request: { userId: OWNER } }))
    bot.chat.on.accessOf = async () => new ChatUnknown({ reason: 'no answer' })
    harness.clock.advance(HOUR)
    await turns.quiet()
    expect(await runsOf(bot, task)).toEqual([])
    bot.chat.on.accessOf = async () => ownerAccess
    harness.clock.advance(MINUTE)
    await ended(bot, task)
    expect(await runsOf(bot, task)).toEqual(['done'])
  })

  test('in a channel that is not linked', async () => {
    const bot = await harness.run()
    const target = { kind: 'channel', channelId: '900000000000000009', name: undefined }
    expect(await bot.tasks.make(order('water it', { request: { target } }), {})).toMatchObject({
      message: expect.stringContaining('not linked') as unknown,
    })
  })
})

test('a paused task rests; resumed, it goes on with its next time; edited, it says other words; deleted, it is gone', async () => {
  const bot = await harness.run()
  bot.agent.answers('feed it', 'Done.')
  const { id } = await make(bot, order('water it', { sendAt: '0 * * * *' }))
  await bot.tasks.change({ kind: 'pause', id })
  harness.clock.advance(3 * HOUR)
  await turns.quiet()
  expect(await bot.store.tasks.runsOf(id, 9)).toEqual([])
  const resumed = await bot.tasks.change({ kind: 'resume', id })
  expect(resumed).toMatchObject({ state: 'active', next: Math.floor(harness.clock.now() / HOUR) * HOUR + HOUR })
  await bot.tasks.change({ kind: 'edit', id, edit: { prompt: 'feed it' } })
  harness.clock.advance(HOUR)
  await until('the run', () => prompts(bot, 'feed it') === 1)
  await bot.tasks.change({ kind: 'delete', id })
  expect(await bot.tasks.change({ kind: 'pause', id })).toMatchObject({
    message: expect.stringContaining('There is no task') as unknown,
  })
})

test('ten failures in a row pause a task, and its creator is mentioned', async () => {
  const bot = await harness.run()
  bot.chat.on.accessOf = async () => ownerAccess
  bot.agent.on.prompt = async () => new AgentRefused({ reason: 'no model', status: 400 })
  const task = await make(bot, order('water it', { sendAt: '0 * * * *', request: { userId: OWNER } }))
  for (let count = 1; count <= 10; count += 1) {
    harness.clock.advance(HOUR)
    await ended(bot, task, count)
  }
  await until('the line', () => inChannel(bot).includes('is paused: its last 10 runs failed'))
  expect(inChannel(bot)).toContain(`<@${OWNER}>`)
  harness.clock.advance(3 * HOUR)
  await turns.quiet()
  expect(await runsOf(bot, task)).toEqual(Array.from({ length: 10 }, () => 'failed'))
})

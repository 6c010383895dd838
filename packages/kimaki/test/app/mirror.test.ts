/** Sessions of terminals, on a whole bot: begun in a thread, followed, and waited for; once, whenever the bot dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentMessage, Snapshot } from '../../src/domain/agent.ts'
import type { Batch } from '../../src/ports/store.ts'
import type { RecordedSession } from '../../src/ports/agent/terminals.ts'
import { DIRECTORY, endsEffect, hangsAt, openHarness, postsIn, type BotRun, type Harness } from './support/harness.ts'
import * as turns from './support/until.ts'
import { answer, SESSION, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const ID = 'ses_terminal'
const typed = (n: number, words: string): AgentMessage => ({
  kind: 'user',
  id: `msg_t${n}`,
  created: 2_000_000_000_000 + n,
  words,
})
const holding = (...messages: readonly AgentMessage[]): Snapshot => ({
  title: 'Fix the roof',
  status: { kind: 'idle' },
  messages,
})
const first = typed(10, 'fix it')
const second = typed(20, 'and the door')
const one = [first, answer('msg_a1', first, [text('prt_1', 'The roof is fixed.')])]
const two = [...one, second, answer('msg_a2', second, [text('prt_2', 'The door is fixed.')])]

/** The terminal has written this, which the bot's own server reads, too. */
function writes(bot: BotRun, snapshot: Snapshot, facts: Partial<RecordedSession> = {}): void {
  bot.agent.opened(facts.id ?? ID, snapshot)
  harness.terminals.writes({ id: ID, directory: DIRECTORY, ...facts }, snapshot)
}

/** Sessions are read by a timer. */
const until = async (what: string, holds: () => unknown): Promise<void> =>
  turns.until(what, () => {
    harness.clock.advance(1)
    return holds()
  })
const closed = async (bot: BotRun): Promise<void> =>
  until('the turn to be closed', async () => (await bot.store.openConversations()).length === 0)
const { quiet } = turns
const shown = (bot: BotRun, id: string): string => postsIn(bot, id).join('\n')
const times = (bot: BotRun, id: string, words: string): number => shown(bot, id).split(words).length - 1

async function mirrored(bot: BotRun): Promise<string> {
  writes(bot, holding(...one))
  await until('the thread', () => bot.chat.started.length === 1)
  const id = bot.chat.started[0]?.id ?? ''
  await until('the answer', () => shown(bot, id).includes('The roof is fixed.'))
  await closed(bot)
  return id
}

describe('a session that was begun in a terminal', () => {
  test('gets a thread with what was said, is followed there, and goes on in Discord', async () => {
    const bot = await harness.run()
    const id = await mirrored(bot)
    expect(bot.chat.started[0]?.name).toBe('Sync: Fix the roof')
    expect(shown(bot, id)).toMatch(/⬦ this thread shows a session of a terminal[^]*» fix it[^]*The roof is fixed\./)
    writes(bot, holding(...two))
    await until('the second answer', () => shown(bot, id).includes('The door is fixed.'))
    await closed(bot)
    bot.agent.answers('paint', 'It is blue.')
    bot.send('paint it', { channelId: id, inThread: true })
    await until('the answer', () => shown(bot, id).includes('It is blue.'))
    expect(bot.agent.prompts.map(({ session }) => session)).toEqual([ID])
    expect(['» fix it', '» and the door', 'paint it', 'The roof'].map((words) => times(bot, id, words))).toEqual([1, 1, 0, 1])
  })

  const left: readonly (readonly [string, Partial<RecordedSession>, Snapshot])[] = [
    ['from before the link', { created: 1000 }, holding(...one)],
    ['of our own', { isOurs: true }, holding(...one)],
    ['of another folder', { directory: '/elsewhere' }, holding(...one)],
    ['in which nobody has written', {}, holding({ kind: 'user', id: 'msg_x', created: 2_000_000_000_000 })],
  ]
  test.each(left)('gets none where it is one %s', async (_, facts, snapshot) => {
    const bot = await harness.run()
    writes(bot, snapshot, facts)
    await quiet()
    expect([harness.terminals.looks > 1, bot.chat.started, bot.agent.calls]).toEqual([true, [], []])
  })

  test('gets none where the operator does not want that, and no message waits', async () => {
    const quietHarness = await openHarness({ mirrorsTerminals: false })
    const bot = await quietHarness.run()
    quietHarness.terminals.writes({ id: ID, directory: DIRECTORY }, holding(...one))
    await quiet()
    expect([quietHarness.terminals.looks, bot.chat.started]).toEqual([0, []])
    await quietHarness.close()
  })

  test('that cannot be read yet gets its thread half a minute later', async () => {
    const bot = await harness.run()
    harness.terminals.writes({ id: ID, directory: DIRECTORY }, holding(...one))
    await until('the attempt', () => bot.agent.calls.includes('snapshot'))
    await quiet()
    bot.agent.opened(ID, holding(...one))
    harness.clock.advance(30_000)
    await until('the thread', () => bot.chat.started.length === 1)
    expect(bot.lines.filter((line) => line.startsWith('sessions of terminals'))).toHaveLength(1)
  })

  const accepts = ({ accept = [] }: Batch): boolean => accept.some(({ key }) => key.startsWith('mirror:'))
  const posts = ({ conversation }: Batch): boolean => (conversation?.posts.length ?? 0) > 0
  test.each([
    ['before it is on record', hangsAt(accepts)],
    ['when it is on record', hangsAt(accepts, 'after')],
    ['when its thread has begun', hangsAt(endsEffect('begin'))],
    ['before what was said is on record', hangsAt(endsEffect('read-history'))],
    ['before the posts are on record', hangsAt(posts)],
    ['when the posts are on record', hangsAt(posts, 'after')],
  ])('is begun once and shown once, killed %s', async (_, hangs) => {
    const dead = await harness.run(hangs)
    writes(dead, holding(...one))
    await quiet(100)
    const bot = await harness.run(({ agent }) => agent.opened(ID, holding(...one)))
    await until('the thread', () => bot.chat.started.length === 1)
    const id = bot.chat.started[0]?.id ?? ''
    await until('the answer', () => shown(bot, id).includes('The roof is fixed.'))
    await closed(bot)
    writes(bot, holding(...two))
    await until('the second answer', () => shown(bot, id).includes('The door is fixed.'))
    await closed(bot)
    expect(bot.chat.started).toHaveLength(1)
    expect(['» fix it', 'roof is fixed', '» and the door', 'door is fixed'].map((words) => times(bot, id, words))).toEqual([
      1, 1, 1, 1,
    ])
  })
})

describe('a thread whose session goes on in a terminal', () => {
  async function begun(bot: BotRun): Promise<string> {
    bot.agent.answers('hello', 'hi there')
    const { id } = bot.send('hello')
    await until('the answer', () => shown(bot, id).includes('hi there'))
    await closed(bot)
    return id
  }
  /** As the session stands, and what the terminal adds. */
  async function goesOn(bot: BotRun, ...added: readonly AgentMessage[]): Promise<Snapshot> {
    const known = await bot.agent.snapshot(DIRECTORY, SESSION)
    if (known instanceof Error) throw known
    return holding(...known.messages, ...added)
  }

  test('shows it, and none of our own words again', async () => {
    const bot = await harness.run()
    const id = await begun(bot)
    writes(bot, await goesOn(bot, second, answer('msg_a2', second, [text('prt_2', 'The door is fixed.')])), { id: SESSION })
    await until('the answer', () => shown(bot, id).includes('The door is fixed.'))
    await closed(bot)
    expect(['hello', '» and the door', 'hi there'].map((words) => times(bot, id, words))).toEqual([0, 1, 1])
  })

  test('shows after the start what was said while the bot was away', async () => {
    const before = await harness.run()
    const id = await begun(before)
    const snapshot = await goesOn(before, second, answer('msg_a2', second, [text('prt_2', 'The door is fixed.')]))
    harness.terminals.writesUnseen({ id: SESSION, directory: DIRECTORY }, snapshot)
    const bot = await harness.run(({ agent }) => agent.opened(SESSION, snapshot))
    await until('the answer', () => shown(bot, id).includes('The door is fixed.'))
    expect(times(bot, id, '» and the door')).toBe(1)
  })

  test('keeps a message until the terminal is done, although nobody knew of its run', async () => {
    const bot = await harness.run()
    const id = await begun(bot)
    const working = answer('msg_a2', second, [], { completed: undefined, finish: undefined })
    const snapshot = await goesOn(bot, second, working)
    bot.agent.opened(SESSION, snapshot)
    harness.terminals.writesUnseen({ id: SESSION, directory: DIRECTORY }, snapshot)
    bot.agent.answers('paint', 'It is blue.')
    bot.send('paint it', { channelId: id, inThread: true })
    await until('the notice', () => shown(bot, id).includes('⬦ waits for a terminal'))
    expect(bot.agent.prompts).toHaveLength(1)
    writes(bot, await goesOn(bot, { ...working, finish: 'stop', completed: 2_000_000_000_030 }), { id: SESSION })
    await until('the answer', () => shown(bot, id).includes('It is blue.'))
    expect(bot.agent.prompts).toHaveLength(2)
  })
})

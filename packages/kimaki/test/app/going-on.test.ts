/** Commands about sessions, on a whole bot: going back, going on in another thread, summing up. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OptionQuery } from '../../src/domain/conversation/request.ts'
import { AgentRefused } from '../../src/base/errors.ts'
import {
  allClosed,
  commandEvent,
  endsEffect,
  hangsAt,
  openHarness,
  postsIn,
  prompted,
  type BotRun,
  type Harness,
} from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, SESSION, answer, ownerAccess, text, user } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const replies = (bot: BotRun): readonly string[] => [...bot.chat.replies.values()]
const answered = async (bot: BotRun, count = 1): Promise<string> => {
  await until('the answer', () => replies(bot).length === count)
  return replies(bot).at(-1) ?? ''
}
const invoke = async (bot: BotRun, place: string, name: string, options = {}): Promise<string> => {
  const before = replies(bot).length
  bot.chat.emit(commandEvent(place, name, { options }))
  return answered(bot, before + 1)
}

async function thread(bot: BotRun, words = 'hello'): Promise<string> {
  bot.agent.answers(words, `hi to ${words}`)
  const { id } = bot.send(words)
  await until('the answer of the agent', () => postsIn(bot, id).some((said) => said.includes(`hi to ${words}`)))
  await allClosed(bot)
  return id
}
const old = user('msg_old', 10)
const terminal = { id: 'ses_terminal', title: 'Fix the roof', updated: 1_700_000_000_000, sharedAt: undefined }
const withTerminal = (bot: BotRun): void => {
  bot.agent.opened('ses_terminal', {
    title: terminal.title,
    status: { kind: 'idle' },
    messages: [
      old,
      answer(
        'msg_old_a',
        old,
        Array.from({ length: 33 }, (_, n) => text(`prt_old_${n}`, `roof part ${n}.`)),
      ),
    ],
  })
  bot.agent.summaries = [terminal]
}

describe('/context-usage', () => {
  test('says how much of the context is in use, by which model, at what price', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    bot.agent.on.contextLimit = async () => 1000
    bot.agent.session = {
      title: undefined,
      status: { kind: 'idle' },
      messages: [old, { ...answer('msg_a', old, [text('prt_a', 'x')]), tokens: 250, cost: 0.5 }],
    }
    const reply = await invoke(bot, id, 'context-usage')
    expect(reply).toContain('25% of the context: 250 of 1,000 tokens')
    expect(reply).toContain('this session has cost $0.50')
  })
})

describe('/last-sessions', () => {
  test('lists threads with the time of their last use, and counts sessions without one', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    bot.agent.summaries = [{ ...terminal, id: SESSION, title: 'Hello' }, terminal]
    expect(await invoke(bot, CHANNEL, 'last-sessions')).toBe(
      `⬦ used last\n<t:1700000000:R> <#${id}> Hello\nOne session has no thread: \`/resume\` opens one.`,
    )
  })
})

describe('/undo and /redo', () => {
  test('go back by one message and forward again; the next prompt deletes what is undone, and nothing is run twice', async () => {
    const bot = await harness.run()
    bot.agent.diffs = 'diff --git a/tea b/tea\n--- a/tea\n+++ b/tea\n@@ -1 +1 @@\n-a\n+b\n'
    const id = await thread(bot)
    expect(await invoke(bot, id, 'undo')).toBe(
      '✓ undone: "hello"\n```diff\ndiff --git a/tea b/tea\n--- a/tea\n+++ b/tea\n@@ -1 +1 @@\n-a\n+b\n```\nTo have it back: `/redo`, before the next message.',
    )
    expect(bot.shownDiffs.map(({ changes }) => changes.what)).toEqual(['what /undo took back'])
    expect(bot.chat.sentAlong).toEqual(['diff-garden.html'])
    expect(await invoke(bot, id, 'undo')).toBe('⬦ nothing to undo')
    expect(await invoke(bot, id, 'redo')).toMatch(/^✓ back again: "hello"/)
    expect(await invoke(bot, id, 'redo')).toBe('⬦ nothing to redo: nothing is undone')
    await invoke(bot, id, 'undo')
    bot.agent.answers('anew', 'said anew')
    bot.send('anew', { channelId: id, inThread: true })
    await until('the answer', () => postsIn(bot, id).some((said) => said.includes('said anew')))
    await allClosed(bot)
    expect(bot.agent.prompts).toHaveLength(2)
  })

  test('/undo stops a run first, and what waits is submitted after it', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    expect(await invoke(bot, id, 'undo')).toMatch(/^✗ not undone: a message is on its way/)
    bot.agent.emit({ kind: 'status', session: SESSION, status: { kind: 'busy' } })
    expect(await invoke(bot, id, 'undo')).toMatch(/^✓ undone/)
    const calls = bot.agent.calls.filter((call) => /^(?:abort|revert)/.test(call))
    expect(calls[0]).toBe('abort')
    expect(calls.filter((call) => call.startsWith('revert'))).toHaveLength(1)
  })

  test('a session that began to run meanwhile is stopped, once', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    let refusals = 1
    bot.agent.on.revert = async () => ((refusals -= 1) >= 0 ? new AgentRefused({ status: 409, reason: 'busy' }) : undefined)
    expect(await invoke(bot, id, 'undo')).toMatch(/^✓ undone/)
  })

  test('killed after it was undone, the same message is named again, and no earlier one', async () => {
    let ends = 0
    const first = await harness.run(hangsAt((batch) => endsEffect('command-work')(batch) && (ends += 1) > 1))
    const id = await thread(first)
    first.chat.emit(commandEvent(id, 'undo'))
    await until('the undoing', () => first.agent.calls.some((call) => call.startsWith('revert')))
    await quiet()
    const second = await harness.run()
    expect(await answered(second)).toMatch(/^✓ undone: /)
    expect(second.agent.calls.filter((call) => call.startsWith('revert'))).toHaveLength(1)
  })
})

describe('/resume', () => {
  test('opens a thread with the end of the session, without a prompt; the next message goes to that session', async () => {
    const bot = await harness.run()
    withTerminal(bot)
    const reply = await invoke(bot, CHANNEL, 'resume', { session: 'ses_terminal' })
    const [opened] = bot.chat.started
    const id = opened?.id ?? ''
    expect(reply).toBe(`⬦ begun: <#${id}>`)
    await until('the history', () => postsIn(bot, id).join('\n').includes('roof part 32.'))
    const said = postsIn(bot, id).join('\n')
    expect(said).toContain('⬦ this thread goes on with the session: 3 earlier parts are not shown')
    expect(said).not.toContain('roof part 2.')
    expect(said).toContain('roof part 3.')
    expect(bot.agent.prompts).toEqual([])
    bot.agent.answers('go on', 'the roof is done')
    bot.send('go on', { channelId: id, inThread: true })
    await until('the answer', () => postsIn(bot, id).some((text) => text.includes('the roof is done')))
    expect(bot.agent.prompts.map(({ session }) => session)).toEqual(['ses_terminal'])
  })

  test('P-095: the newest thread has the session; the old one is told where it goes on, and begins a new one with its next message', async () => {
    const bot = await harness.run()
    const before = await thread(bot)
    bot.agent.summaries = [{ ...terminal, id: SESSION, title: 'Hello' }]
    await invoke(bot, before, 'resume', { session: 'hello' })
    const id = bot.chat.started.at(-1)?.id ?? ''
    await until('the link', () => postsIn(bot, before).some((said) => said.includes(`goes on in <#${id}>`)))
    bot.agent.answers('north', 'in the new one')
    bot.send('north', { channelId: id, inThread: true })
    await until('the answer', () => postsIn(bot, id).some((said) => said.includes('in the new one')))
    bot.agent.answers('south', 'in the old one')
    bot.send('south', { channelId: before, inThread: true })
    await until('the other answer', () => postsIn(bot, before).some((said) => said.includes('in the old one')))
    const [, here, there] = bot.agent.prompts.map(({ session }) => session)
    expect([here, there === SESSION]).toEqual([SESSION, false])
  })

  test('finds a session by its id behind a thousand newer ones, and lists none for it', async () => {
    const bot = await harness.run()
    withTerminal(bot)
    const newer = Array.from({ length: 1000 }, (_, nth) => ({ ...terminal, id: `ses_newer_${nth}` }))
    bot.agent.summaries = [...newer, terminal]
    const listed = vi.spyOn(bot.agent.sessions, 'list')
    expect(await invoke(bot, CHANNEL, 'resume', { session: 'ses_terminal' })).toMatch(/^⬦ begun: /)
    expect(listed).not.toHaveBeenCalled()
  })

  test('words are looked for once; those of two titles open nothing', async () => {
    const bot = await harness.run()
    withTerminal(bot)
    bot.agent.summaries = [terminal, { ...terminal, id: 'ses_2' }]
    const listed = vi.spyOn(bot.agent.sessions, 'list')
    expect(await invoke(bot, CHANNEL, 'resume', { session: 'roof' })).toMatch(/^✗ there is no such session/)
    expect(listed).toHaveBeenCalledTimes(1)
  })

  test('a session that is not of this project is not opened', async () => {
    const bot = await harness.run()
    expect(await invoke(bot, CHANNEL, 'resume', { session: 'ses_other' })).toMatch(/^✗ there is no such session/)
    expect(bot.chat.started).toEqual([])
  })

  test('killed before the history is read, the thread shows it after the start, once', async () => {
    const first = await harness.run(hangsAt(endsEffect('read-history')))
    withTerminal(first)
    await invoke(first, CHANNEL, 'resume', { session: 'ses_terminal' })
    const id = first.chat.started[0]?.id ?? ''
    await until('the reading', () => first.agent.calls.filter((call) => call === 'snapshot').length > 1)
    await quiet()
    const second = await harness.run(({ agent }) =>
      agent.opened('ses_terminal', {
        title: terminal.title,
        status: { kind: 'idle' },
        messages: [old, answer('msg_old_a', old, [text('prt_old_9', 'roof part 9.')])],
      }),
    )
    await until('the history', () => postsIn(second, id).join('\n').includes('roof part 9.'))
    await allClosed(second)
    expect(postsIn(second, id).filter((said) => said.includes('goes on with the session'))).toHaveLength(1)
  })

  test('proposes sessions by words of their titles, within 100 characters', async () => {
    const bot = await harness.run()
    bot.agent.summaries = [
      { ...terminal, title: 'Roof '.repeat(40) },
      { ...terminal, id: 'ses_2', title: 'Garden' },
    ]
    const query: OptionQuery = {
      id: '77',
      token: 't',
      name: 'resume',
      option: 'session',
      typed: 'roof',
      options: {},
      guildId: GUILD,
      channelId: CHANNEL,
      userId: OWNER,
    }
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    bot.chat.emit({ kind: 'autocomplete', query, place, access: ownerAccess, position: undefined })
    await until('the list', () => bot.chat.proposed.has('77'))
    const proposed = bot.chat.proposed.get('77') ?? []
    expect(proposed.map(({ value }) => value)).toEqual(['ses_terminal'])
    expect(proposed[0]?.name.length).toBeLessThanOrEqual(100)
  })
})

describe('/fork', () => {
  let presses = 0
  const choose = (bot: BotRun, channelId: string, customId: string, chosen: readonly string[]): void => {
    const id = String(900_000 + (presses += 1))
    const followUp = { applicationId: '1', token: `press${id}` }
    const press = { id, guildId: GUILD, channelId, messageId: '5', customId, chosen, followUp, userId: OWNER, userName: 'Ann' }
    const place = { channelId, projectChannelId: CHANNEL, inThread: true }
    bot.chat.emit({ kind: 'pressed', press, place, token: `press${id}`, access: ownerAccess, position: undefined })
  }
  const menuOf = (bot: BotRun) => [...bot.chat.answers.values()].at(-1)?.select

  test('copies the session up to the chosen message into a thread that links its source; no prompt is sent', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    bot.agent.answers('second', 'hi to second')
    bot.send('second', { channelId: id, inThread: true })
    await until('the second answer', () => postsIn(bot, id).some((said) => said.includes('hi to second')))
    await allClosed(bot)
    await invoke(bot, id, 'fork')
    expect(menuOf(bot)?.options.map(({ label }) => label)).toEqual(['second', 'hello'])
    choose(bot, id, menuOf(bot)?.id ?? '', [menuOf(bot)?.options[0]?.value ?? ''])
    await until('the thread', () => bot.chat.started.length === 1)
    const copy = bot.chat.started[0]?.id ?? ''
    await until('the history', () => postsIn(bot, copy).join('\n').includes('hi to hello'))
    const said = postsIn(bot, copy).join('\n')
    expect(said).toContain(`⬦ a copy of the session in <#${id}>`)
    expect(said).not.toContain('hi to second')
    expect(bot.agent.prompts).toHaveLength(2)
    bot.agent.answers('otherwise', 'done otherwise')
    bot.send('otherwise', { channelId: copy, inThread: true })
    await until('the answer', () => postsIn(bot, copy).some((words) => words.includes('done otherwise')))
    expect(bot.agent.prompts.at(-1)).toMatchObject({ session: 'ses_copy_1', answeredBy: { agent: 'plan' } })
  })

  test('killed between the copy and its thread, there is one copy and one thread', async () => {
    const first = await harness.run(hangsAt(endsEffect('command-work')))
    const id = await thread(first)
    choose(first, id, 'fork-child:', [SESSION])
    await until('the copy', () => first.agent.forks.size === 1)
    await quiet()
    const second = await harness.run()
    await until('the thread', () => second.chat.started.length === 1)
    expect(second.agent.forks.size).toBe(1)
  })

  test('/fork-subagent lists the sessions of subagents, newest first, and says where there is none', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    expect(await invoke(bot, id, 'fork-subagent')).toMatch(/^⬦ nothing to copy/)
    bot.agent.children = [
      { ...terminal, id: 'ses_a', updated: 1 },
      { ...terminal, id: 'ses_b', updated: 2 },
    ]
    await invoke(bot, id, 'fork-subagent')
    expect(menuOf(bot)?.options.map(({ value }) => value)).toEqual(['ses_b', 'ses_a'])
  })
})

describe('Fork from here', () => {
  const pick = async (bot: BotRun, place: string, message: string): Promise<string> => {
    const before = replies(bot).length
    const target = { id: message, text: '', hasFiles: false, authorId: OWNER }
    bot.chat.emit(commandEvent(place, 'Fork from here', { target }))
    return answered(bot, before + 1)
  }

  async function secondMessage(bot: BotRun, id: string): Promise<string> {
    bot.agent.answers('second', 'hi to second')
    const second = bot.send('second', { channelId: id, inThread: true })
    await until('the second answer', () => postsIn(bot, id).some((said) => said.includes('hi to second')))
    await allClosed(bot)
    return second.id
  }

  test('copies the session as it was before the message', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    const second = await secondMessage(bot, id)
    const before: unknown[] = []
    bot.agent.on.fork = async (request) => void before.push(request.before)
    expect(await pick(bot, id, second)).toMatch(/^⬦ begun: /)
    const copy = bot.chat.started[0]?.id ?? ''
    await until('the history', () => postsIn(bot, copy).join('\n').includes('hi to hello'))
    expect(before).toEqual([bot.agent.prompts[1]?.messageId])
  })

  test('a message of Kimaki, and one that is undone, are met with a sentence', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    const second = await secondMessage(bot, id)
    const ours = bot.chat.posts.findLast(({ channelId }) => channelId === id)?.id ?? ''
    expect(await pick(bot, id, ours)).toMatch(/^✗ not forked: the session of this thread has no such message/)
    await invoke(bot, id, 'undo')
    expect(await pick(bot, id, second)).toBe('✗ not forked: "second" is undone\nRun `/redo` first.')
    expect(bot.agent.forks.size).toBe(0)
  })
})

describe('/compact', () => {
  const unfinished = (reason: string) => ({ failure: { name: 'APIError', message: reason, status: 500, provider: 'p' } })

  test('sums up with the model of the newest answer; no line beside the answer stands in the thread', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    expect(await invoke(bot, id, 'compact')).toBe('✓ summed up: the context has room again')
    await allClosed(bot)
    expect(bot.agent.calls.filter((call) => call.startsWith('summarize'))).toHaveLength(1)
    expect(postsIn(bot, id).join('\n')).not.toContain('the context')
  })

  test('says why it failed', async () => {
    const bot = await harness.run()
    const id = await thread(bot)
    bot.agent.on.summarize = async (_directory, session) => {
      bot.agent.sumUp(session, unfinished('no credit'))
      return new AgentRefused({ status: 500, reason: 'no credit' })
    }
    expect(await invoke(bot, id, 'compact')).toContain('no credit')
  })

  test('while the agent works is refused, and nothing is stopped', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    expect(await invoke(bot, id, 'compact')).toMatch(/^✗ not summed up: the agent works/)
    expect(bot.agent.calls).not.toContain('abort')
  })
})

describe('/new-session', () => {
  test('names files below the prompt, and the agent that answers it', async () => {
    const bot = await harness.run()
    bot.agent.choices = {
      ...bot.agent.choices,
      agents: [{ name: 'plan', description: '', isPrimary: true, isHidden: false, model: undefined }],
    }
    await invoke(bot, CHANNEL, 'new-session', { prompt: 'look', files: 'a.ts, b.ts', agent: 'plan' })
    await until('the prompt', () => bot.agent.prompts.length === 1)
    const [prompt] = bot.agent.prompts
    expect(prompt?.answeredBy?.agent).toBe('plan')
    expect(prompt?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join()).toContain('look\n\n@a.ts\n@b.ts')
  })

  test('for an agent that nobody knows begins nothing', async () => {
    const bot = await harness.run()
    expect(await invoke(bot, CHANNEL, 'new-session', { prompt: 'look', agent: 'nobody' })).toMatch(/^✗ not begun/)
    expect(bot.chat.started).toEqual([])
  })
})

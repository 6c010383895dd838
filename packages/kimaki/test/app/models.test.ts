/** `/model`, `/model-variant`, `/agent` and `/mention-mode` on a running bot: menus, what the prompts carry from then on, and after a restart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageContent } from '../../src/domain/conversation/posts/post.ts'
import type { AnsweredBy } from '../../src/domain/agent.ts'
import { answer, busy, CHANNEL, GUILD, idle, nextId, OWNER, ownerAccess, part, says, text } from '../support/conversation.ts'
import { knownAgent, knownModel, choicesOf } from '../support/choices.ts'
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

const LONG = `accounts/${'very-long-'.repeat(12)}name`
const CHOICES = choicesOf({
  models: [
    knownModel('thinker', { provider: 'acme', released: '2026-05-01', variants: ['low', 'high'] }),
    knownModel('plain', { provider: 'acme', released: '2026-01-01' }),
    knownModel(LONG, { provider: 'zeta' }),
    ...Array.from({ length: 363 }, (_, n) => knownModel(`model-${String(n).padStart(3, '0')}`, { provider: 'many' })),
  ],
  agents: [
    knownAgent('build'),
    knownAgent('plan', { description: 'only plans', model: { provider: 'acme', model: 'plain', variant: undefined } }),
    knownAgent('explore', { isPrimary: false }),
  ],
  configured: { provider: 'many', model: 'model-007', variant: undefined },
})

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const run = (): Promise<BotRun> => harness.run(({ agent }) => void (agent.choices = CHOICES))

/** The answer as it is now. */
const shown = (bot: BotRun): MessageContent => [...bot.chat.answers.values()].at(-1) ?? { text: '', buttons: [] }

async function invoke(bot: BotRun, channelId: string, name: string, options: Record<string, string> = {}): Promise<string> {
  const before = bot.chat.answers.size
  bot.chat.emit(commandEvent(channelId, name, { options }))
  await until('the answer', () => bot.chat.answers.size > before)
  return shown(bot).text
}

/** Presses a button, or chooses in the menu, of the newest answer, and waits until it is renewed. */
async function press(bot: BotRun, channelId: string, label: string): Promise<string> {
  const before = bot.chat.answers.size
  pressed(bot, channelId, label)
  await until('the renewed answer', () => bot.chat.answers.size > before)
  return shown(bot).text
}

function pressed(bot: BotRun, channelId: string, label: string): void {
  const { select, buttons } = shown(bot)
  const option = select?.options.find((one) => one.label === label)
  const customId = option ? select?.id : buttons.find((one) => one.label === label)?.id
  if (customId === undefined) throw new Error(`no ${label} in ${JSON.stringify(shown(bot))}`)
  expect(customId.length).toBeLessThanOrEqual(80)
  const id = nextId()
  const person = { guildId: GUILD, channelId, messageId: '5', userId: OWNER, userName: 'Ann' }
  const followUp = { applicationId: '1', token: `token-${id}` }
  bot.chat.emit({
    kind: 'pressed',
    press: { id, ...person, customId, followUp, ...(option && { chosen: [option.value] }) },
    place: { channelId, projectChannelId: CHANNEL, inThread: channelId !== CHANNEL },
    token: followUp.token,
    access: ownerAccess,
    position: undefined,
  })
}

async function thread(bot: BotRun, words = 'hello'): Promise<string> {
  bot.agent.answers(words, 'hi')
  const { id } = bot.send(words)
  await until('the answer of the agent', () => postsIn(bot, id).some((text) => text.includes('hi')))
  await allClosed(bot)
  return id
}

async function goOn(bot: BotRun, id: string, words: string): Promise<AnsweredBy | undefined> {
  const before = bot.agent.prompts.length
  bot.agent.answers(words, 'hi')
  bot.send(words, { channelId: id, inThread: true })
  await until('the prompt', () => bot.agent.prompts.length > before)
  await allClosed(bot)
  return bot.agent.prompts.at(-1)?.answeredBy
}

const acme = (model: string, variant?: string): AnsweredBy['model'] => ({ provider: 'acme', model, variant })

describe('/model', () => {
  test('tells what is in force and why, and names nothing where nobody has chosen', async () => {
    const bot = await run()
    const id = await thread(bot)
    expect(bot.agent.prompts[0]?.answeredBy).toBeUndefined()
    expect(await invoke(bot, id, 'model')).toBe(
      "⬦ **many/model-007** answers here, with the agent **build**: named in OpenCode's configuration",
    )
  })

  test('goes from provider to model, variant and thread; the next prompt carries it, and another thread does not', async () => {
    const bot = await run()
    const id = await thread(bot)
    await invoke(bot, id, 'model')
    expect(shown(bot).select?.options.map(({ label }) => label)).toEqual(['acme', 'many', 'zeta'])
    await press(bot, id, 'acme')
    expect(shown(bot).select?.options.map(({ label }) => label)).toEqual(['thinker', 'plain'])
    expect(await press(bot, id, 'thinker')).toBe('⬦ **acme/thinker**: how much is it to think?')
    await press(bot, id, 'high')
    expect(shown(bot).select?.options.map(({ label }) => label)).toEqual(['This thread', 'This channel', 'All channels'])
    await press(bot, id, 'This thread')
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    expect(shown(bot).text).toContain(
      '✓ **acme/thinker** (`high`) is chosen for this thread\n⬦ **acme/thinker** (`high`) answers here',
    )
    expect(await goOn(bot, id, 'more')).toEqual({ agent: undefined, model: acme('thinker', 'high') })
    const other = await thread(bot, 'elsewhere')
    expect(await goOn(bot, other, 'still elsewhere')).toBeUndefined()
  })

  test('P-103: has pages, which reach each of 363 models, and a long name fits', async () => {
    const bot = await run()
    await invoke(bot, CHANNEL, 'model')
    await press(bot, CHANNEL, 'many')
    const seen = new Set(shown(bot).select?.options.map(({ label }) => label))
    while (shown(bot).buttons.some(({ label }) => label === 'Next')) {
      await press(bot, CHANNEL, 'Next')
      for (const { label } of shown(bot).select?.options ?? []) seen.add(label)
    }
    expect(seen.size).toBe(363)
    await press(bot, CHANNEL, 'Other providers')
    await press(bot, CHANNEL, 'zeta')
    await press(bot, CHANNEL, shown(bot).select?.options[0]?.label ?? '')
    await press(bot, CHANNEL, 'All channels')
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    expect((await thread(bot)) && bot.agent.prompts.at(-1)?.answeredBy?.model?.model).toBe(LONG)
  })

  test.each([
    ['a whole name', 'acme/plain', /^⬦ \*\*acme\/plain\*\*: where is it to answer\?$/],
    ['part of several', 'model-00', /^⬦ 10 models are called so/],
    ['of nothing', 'nothing', /^✗ no model of a connected provider is called \*\*nothing\*\*/],
  ])('with %s typed', async (_name, typed, answer) => {
    const bot = await run()
    expect(await invoke(bot, CHANNEL, 'model', { model: typed })).toMatch(answer)
  })

  test('goes on where it stood after a restart, and what is chosen for the channel outlives it', async () => {
    const first = await run()
    await invoke(first, CHANNEL, 'model', { model: 'acme/plain' })
    const { select } = shown(first)
    const second = await run()
    second.chat.answers.set('before', { text: '', buttons: [], select })
    await press(second, CHANNEL, 'This channel')
    await until('what is in force', () => shown(second).text.startsWith('✓'))
    const third = await run()
    await thread(third)
    expect(third.agent.prompts.at(-1)?.answeredBy?.model).toEqual(acme('plain'))
  })

  test('says that a model is gone from the list since the menu was shown', async () => {
    const bot = await run()
    await invoke(bot, CHANNEL, 'model', { model: 'acme/plain' })
    bot.agent.choices = { ...CHOICES, providers: [] }
    expect(await press(bot, CHANNEL, 'This channel')).toMatch(/^✗ what was chosen is not offered any more/)
  })

  test('chosen for all channels leaves a thread that has begun as it is; cleared, new threads are as before', async () => {
    const bot = await run()
    const id = await thread(bot)
    await invoke(bot, CHANNEL, 'model', { model: 'acme/plain' })
    await press(bot, CHANNEL, 'All channels')
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    expect(await goOn(bot, id, 'go on')).toBeUndefined()
    const next = await thread(bot, 'a new one')
    expect(bot.agent.prompts.at(-1)?.answeredBy?.model).toEqual(acme('plain'))
    await invoke(bot, CHANNEL, 'model')
    await press(bot, CHANNEL, 'Clear for all channels')
    await until('what is in force', () => shown(bot).text.includes('any more'))
    await thread(bot, 'the last one')
    expect(bot.agent.prompts.at(-1)?.answeredBy).toBeUndefined()
    expect((await goOn(bot, next, 'it is kept'))?.model).toEqual(acme('plain'))
  })

  test('takes less than 150 ms of CPU to propose out of 366 models, for each letter that is typed', async () => {
    const bot = await run()
    const took: number[] = []
    for (const typed of ['', 'm', 'mo', 'model', 'model-1', 'acme thin', 'zzz']) {
      const id = nextId()
      const facts = { id, token: 't', name: 'model', option: 'model', typed, options: {} }
      const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
      const started = process.cpuUsage()
      const query = { ...facts, guildId: GUILD, channelId: CHANNEL, userId: OWNER }
      bot.chat.emit({ kind: 'autocomplete', query, place, access: ownerAccess, position: undefined })
      await until('the proposals', () => bot.chat.proposed.has(id))
      const { user, system } = process.cpuUsage(started)
      took.push((user + system) / 1000)
      const values = bot.chat.proposed.get(id) ?? []
      expect(values.every(({ value }) => value.length <= 100) && values.length <= 25).toBe(true)
      if (typed === 'acme thin') expect(values).toEqual([{ name: 'acme/thinker', value: 'acme/thinker' }])
    }
    expect(Math.max(...took)).toBeLessThan(150)
  })
})

test('/model-variant chooses for the model in force, or says that there is nothing to choose', async () => {
  const bot = await run()
  expect(await invoke(bot, CHANNEL, 'model-variant')).toMatch(/^⬦ \*\*many\/model-007\*\* thinks in one way only/)
  bot.agent.choices = { ...CHOICES, configured: acme('thinker') }
  await invoke(bot, CHANNEL, 'model-variant')
  expect(shown(bot).select?.options.map(({ label }) => label)).toEqual(['as its provider has it', 'low', 'high'])
})

describe('/agent', () => {
  test('in a thread is for the thread, and brings its own model', async () => {
    const bot = await run()
    const id = await thread(bot)
    await invoke(bot, id, 'agent')
    expect(shown(bot).select?.options.map(({ label }) => label)).toEqual(['build', 'plan'])
    await press(bot, id, 'plan')
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    expect(shown(bot).text).toContain(
      '✓ the agent **plan** is chosen for this thread (before: **build**)\n⬦ **acme/plain** answers here',
    )
    expect(await goOn(bot, id, 'now')).toEqual({ agent: 'plan', model: acme('plain') })
    expect(await goOn(bot, id, 'and later')).toEqual({ agent: 'plan', model: acme('plain') })
  })

  test('in a channel is for the threads that begin in it', async () => {
    const bot = await run()
    await invoke(bot, CHANNEL, 'agent', { agent: 'plan' })
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    await thread(bot)
    expect(bot.agent.prompts.at(-1)?.answeredBy?.agent).toBe('plan')
  })

  test('that is not there, or with whom nobody can speak, is refused', async () => {
    const bot = await run()
    expect(await invoke(bot, CHANNEL, 'agent', { agent: 'explore' })).toMatch(/^✗ the project has no agent of this name/)
  })
})

describe('chosen during a run', () => {
  /** The agent is at work, and a model has just been chosen. */
  async function chosenInRun(bot: BotRun): Promise<string> {
    const { id } = await prompted(bot)
    const user = bot.agent.user()
    bot.agent.emit(says(user), busy)
    bot.agent.session = { status: { kind: 'busy' }, messages: [user], title: undefined }
    await quiet()
    await invoke(bot, id, 'model', { model: 'acme/plain' })
    pressed(bot, id, 'This thread')
    return id
  }

  test('it counts from the next step on: the message that is being answered names it, nothing is stopped or posted anew', async () => {
    const bot = await run()
    const id = await chosenInRun(bot)
    await until('what is in force', () => shown(bot).text.startsWith('✓'))
    expect(shown(bot).text).toContain('It counts from the next step of the agent on; nothing is stopped for it.')
    await until('the switch', () => bot.agent.switched.length === 1)
    expect(bot.agent.switched).toEqual([{ agent: undefined, model: acme('plain') }])
    expect([bot.agent.prompts.length, bot.agent.calls.includes('abort')]).toEqual([1, false])
    const user = { ...bot.agent.user(), created: harness.clock.now() + 1 }
    const whole = answer('msg_a', user, [text('prt_a', 'all done')])
    bot.agent.emit(says(whole), ...whole.parts.map((each) => part('msg_a', each)), idle)
    await until('the answer', () => postsIn(bot, id).some((words) => words.includes('all done')))
    await allClosed(bot)
    expect((await goOn(bot, id, 'and now'))?.model).toEqual(acme('plain'))
  })

  test('killed before its outcome is on record, the message is given the model again, unless the run is over', async () => {
    const dying = (): Promise<BotRun> =>
      harness.run((fakes) => {
        fakes.agent.choices = CHOICES
        return hangsAt(endsEffect('switch-model'))(fakes)
      })
    const first = await dying()
    await chosenInRun(first)
    await until('the switch', () => first.agent.switched.length === 1)
    await quiet()
    const again = await dying()
    await until('the switch again', () => again.agent.switched.length === 1)
    await quiet()
    const [user] = again.agent.session.messages
    if (user?.kind !== 'user') throw new Error('nothing runs')
    const whole = answer('msg_a', user, [text('prt_a', 'all done')])
    const last = await harness.run(({ agent }) => {
      agent.choices = CHOICES
      agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }
    })
    await until('the answer', () => last.chat.calls.length > 0)
    await quiet()
    expect([last.agent.switched, last.agent.calls.includes('abort')]).toEqual([[], false])
  })
})

test('/mention-mode: only messages that mention the bot begin a session, threads go on, and it outlives a restart', async () => {
  const first = await run()
  const id = await thread(first)
  expect(await invoke(first, CHANNEL, 'mention-mode')).toMatch(/^⬦ every message/)
  expect(await invoke(first, CHANNEL, 'mention-mode', { state: 'on' })).toMatch(
    /^⬦ from now on, a message in this channel begins/,
  )
  expect(await goOn(first, id, 'in the thread')).toBeUndefined()
  const bot = await run()
  bot.send('without a mention')
  await quiet()
  expect(bot.agent.prompts).toEqual([])
  bot.send('with one', { mentionsBot: true })
  await until('the prompt', () => bot.agent.prompts.length === 1)
})

/** Killed wherever it can be while the agent asks and a person answers: one card, one answer to the agent, one end, one rule, each line once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../src/domain/agent.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import type { Batch } from '../../src/ports/store.ts'
import { isStale } from '../../src/domain/conversation/posts/post.ts'
import { endsEffect, hangsAt, never, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, SESSION, answer, busy, nextId, ownerAccess, part, says, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const permission: Ask = {
  id: 'per_1',
  kind: 'permission',
  session: SESSION,
  title: 'bash: ls src',
  permission: 'bash',
  patterns: ['ls src'],
  always: ['ls *'],
}
const question: Ask = {
  id: 'que_1',
  kind: 'question',
  session: SESSION,
  title: 'Which colour?',
  questions: [{ header: 'Colour', text: 'Which colour?', options: [{ label: 'Red', description: '' }], multiple: false }],
}

interface Answered {
  readonly by: string
  readonly ask: Ask
  /** The id of the button begins so; `words`: in its modal. */
  readonly action: string
  readonly words?: string
  /** What the agent is told. */
  readonly told: string
  readonly end: RegExp
  readonly rules?: 1
}

const ANSWERS: readonly Answered[] = [
  {
    by: 'Allow always',
    ask: permission,
    action: 'ask-allow-always',
    told: 'allow per_1',
    end: /^✓ allowed always by \*\*Ann\*\*/m,
    rules: 1,
  },
  {
    by: 'Deny',
    ask: permission,
    action: 'ask-deny',
    told: 'reject per_1',
    end: /^✗ denied by \*\*Ann\*\*: the run was stopped$/m,
  },
  {
    by: 'the modal of a reason',
    ask: permission,
    action: 'ask-deny-why',
    words: 'no',
    told: 'reject per_1: no',
    end: /^✗ denied by \*\*Ann\*\*: no$/m,
  },
  {
    by: 'an option',
    ask: question,
    action: 'ask-pick',
    told: 'answer que_1: [["Red"]]',
    end: /^✓ answered by \*\*Ann\*\*$/m,
  },
]

/** A commit that is meant, or a call for which this holds. */
type Point =
  | { readonly commit: (batch: Batch) => boolean; readonly side?: 'after' }
  | { readonly call: 'post' | 'edit' | 'tell'; readonly isMeant?: (text: string) => boolean }

const accepts = ({ accept = [] }: Batch): boolean => accept.some(({ request }) => request.kind === 'pressed')
const steps = (batch: Batch): boolean =>
  batch.conversation?.effects.some(({ kind }) => ['allow-ask', 'reject-ask', 'answer-question'].includes(kind)) ?? false
const knowsAnswer = (batch: Batch): boolean =>
  ['allow-ask', 'reject-ask', 'answer-question'].some((kind) => endsEffect(kind)(batch))
const hasEnd = (text = ''): boolean => /^[✓✗] /m.test(text)
const knowsPost = (batch: Batch): boolean => (batch.conversation?.sent.length ?? 0) > 0
const knowsEdit = (batch: Batch): boolean =>
  batch.conversation?.editable.some((post) => hasEnd(post.content.text) && !isStale(post)) ?? false
const isCard = (content: string): boolean => /^⬦ (The agent asks|\*\*Colour)/.test(content)

const POINTS: readonly (readonly [string, Point])[] = [
  ['before the card is posted', { call: 'post', isMeant: isCard }],
  ['before it knows that the card stands', { commit: knowsPost }],
  ['before the press is on record', { commit: accepts }],
  ['once the press is on record', { commit: accepts, side: 'after' }],
  ['before the step that answers is on record', { commit: steps }],
  ['once the step that answers is on record', { commit: steps, side: 'after' }],
  ['while OpenCode is told', { call: 'tell' }],
  ['before it is on record that OpenCode knows', { commit: knowsAnswer }],
  ['once it is on record that OpenCode knows', { commit: knowsAnswer, side: 'after' }],
  ['before the card is edited', { call: 'edit', isMeant: hasEnd }],
  ['before it knows that the card says the end', { commit: knowsEdit }],
  ['before it knows that a line of the audit file is there', { commit: endsEffect('audit') }],
]

/** For `run`: it hangs at the point, and is killed there. */
function hangs(point: Point, onReached: () => void): Parameters<Harness['run']>[0] {
  const reached = (): Promise<never> => {
    onReached()
    return never
  }
  if ('commit' in point) return hangsAt((batch) => point.commit(batch) && (onReached(), true), point.side)
  const { call, isMeant = () => true } = point
  return ({ chat, agent }) => {
    if (call === 'post') chat.on.post = async (_, text) => (isMeant(text) ? reached() : undefined)
    if (call === 'edit') chat.on.edit = async (_, text) => (isMeant(text) ? reached() : undefined)
    if (call === 'tell') agent.on.allow = agent.on.reject = agent.on.answer = reached
  }
}

function pressEvent(channelId: string, customId: string, words: string | undefined): ChatEvent {
  const id = nextId()
  const token = `token-${id}`
  const press = { id, followUp: { applicationId: '1', token }, channelId, messageId: '8', customId, guildId: GUILD }
  return {
    kind: 'pressed',
    press: { ...press, userId: OWNER, userName: 'Ann', ...(words !== undefined && { words }) },
    place: { channelId, projectChannelId: CHANNEL, inThread: true },
    token,
    access: ownerAccess,
    position: undefined,
  }
}

const asks = (bot: BotRun, ask: Ask): void => bot.agent.emit({ kind: 'asked', session: SESSION, ask })
const buttonOf = (bot: BotRun, action: string): string | undefined =>
  bot.chat.posts.flatMap(({ buttons }) => buttons).find((id) => id.startsWith(`${action}:`))

/** The agent asks in a new thread. */
async function askedIn(bot: BotRun, ask: Ask): Promise<string> {
  const { id } = await prompted(bot)
  const user = bot.agent.user()
  const step = answer('msg_a', user, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
  bot.agent.session = { status: { kind: 'busy' }, messages: [user, step], title: undefined }
  bot.agent.emit(says(user), busy, says(step), ...step.parts.map((each) => part('msg_a', each)))
  asks(bot, ask)
  await quiet()
  return id
}

describe.each(ANSWERS)('$by', ({ ask, action, words, told, end, rules = 0 }) => {
  test.each(POINTS)('killed %s', async (_point, point) => {
    const answers = (bot: BotRun): readonly string[] => bot.agent.calls.filter((call) => /^(allow|reject|answer) /.test(call))
    let isReached = false
    const first = await harness.run(hangs(point, () => (isReached = true)))
    const thread = await askedIn(first, ask)
    const button = buttonOf(first, action)
    if (button !== undefined) first.chat.emit(pressEvent(thread, button, words))
    await quiet()

    expect(isReached).toBe(true)
    const second = await harness.run()
    await quiet()
    // OpenCode lists it until it is answered.
    asks(second, ask)
    await quiet()
    harness.clock.advance(0)
    await until('the card', () => second.chat.posts.some(({ content }) => isCard(content) || hasEnd(content)))
    // A press of which Discord got no answer is made again.
    const again = buttonOf(second, action)
    if (again !== undefined) second.chat.emit(pressEvent(thread, again, words))
    await until('the end', () => second.chat.posts.some(({ content }) => end.test(content)))
    await quiet()
    const cards = second.chat.posts.filter(({ content }) => isCard(content) || hasEnd(content))
    expect(cards.map(({ content, buttons }) => [end.test(content), buttons])).toEqual([[true, []]])
    expect(new Set([...answers(first), ...answers(second)])).toEqual(new Set([told]))
    expect(await second.store.allowances()).toHaveLength(rules)
    const lines = new Set([...first.audited, ...second.audited].map(({ what }) => what))
    expect(lines).toEqual(new Set(['asked', ...(ask === question ? ['picked'] : []), 'answered']))
    const keys = new Set([...first.audited, ...second.audited].map(({ key }) => key))
    expect(keys.size).toBe(lines.size)
  })
})

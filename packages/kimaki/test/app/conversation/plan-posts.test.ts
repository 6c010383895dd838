/** Which posts are planned, and when. */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { Secrets } from '../../../src/base/redact.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentPart } from '../../../src/domain/agent.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { CHANNEL, answer, conversation, prompt, text } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 1 } as const

/** Nothing is secret. */
const AS_IT_IS = { layout, clean: (written: string): string => written }

const IDLE = { status: { kind: 'idle' } } as const

/** The agent works. */
const saying = (...parts: readonly AgentPart[]): Conversation =>
  conversation(
    {
      status: { kind: 'busy' },
      messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })],
    },
    { channelId: CHANNEL },
  )

describe('while the agent works', () => {
  test('what is closed is planned up to the first open block', () => {
    const plan = planPosts(saying(text('p1', 'one'), text('p2', 'two', false), text('p3', 'three')), AS_IT_IS)
    expect(plan.posts.map(({ content }) => content)).toEqual(['⬥ one'])
    expect(plan.allShown).toBe(false)
    expect([...plan.state.posts.posted]).toEqual(['part/p1'])
  })

  test('nothing is planned while a post is on its way; then all that has closed is packed together (P-066)', () => {
    const first = planPosts(saying(text('p1', 'one'), text('p2', '', false)), AS_IT_IS).state
    const three = saying(text('p1', 'one'), text('p2', 'two'), text('p3', 'three'), text('p4', '', false))
    const more: Conversation = { ...three, posts: { ...first.posts, outbox: [] } }
    expect(planPosts({ ...more, posts: first.posts }, AS_IT_IS).posts).toEqual([])
    expect(planPosts(more, AS_IT_IS).posts.map(({ content }) => content)).toEqual(['⬥ two\n⬥ three'])
  })

  test('a text is said once it is whole, and whatever there is of it once the run is over', () => {
    const running = saying(text('p1', 'one'), text('p2', 'tw', false))
    expect(planPosts(running, AS_IT_IS).posts.map(({ content }) => content)).toEqual(['⬥ one'])
    expect(planPosts(inTurn(running, IDLE), AS_IT_IS).posts.map(({ content }) => content)).toEqual(['⬥ one\n⬥ tw'])
  })
})

test('once idle, the rest is planned behind what is on its way', () => {
  const first = planPosts(saying(text('p1', 'one'), text('p2', '', false)), AS_IT_IS).state
  const idle: Conversation = { ...inTurn(saying(text('p1', 'one'), text('p2', 'two')), IDLE), posts: first.posts }
  expect(planPosts(idle, AS_IT_IS).state.posts.outbox.map(({ content }) => content)).toEqual(['⬥ one', '⬥ two'])
})

test('a post has the same id whenever it is planned, at most 25 characters long', () => {
  const plan = () => planPosts(saying(text('p1', 'one'), text('p2', '', false)), AS_IT_IS).posts[0]?.id ?? ''
  expect(plan()).toBe(plan())
  expect(plan()).toHaveLength(25)
})

test('before the session has been read back nothing is planned', () => {
  expect(planPosts(inTurn(saying(text('p1', 'one')), { isSynced: false }), AS_IT_IS)).toMatchObject({
    posts: [],
    allShown: false,
  })
})

test('a thread that is gone has nothing to be shown', () => {
  expect(planPosts({ ...saying(text('p1', 'one')), thread: { kind: 'gone' } }, AS_IT_IS)).toMatchObject({
    posts: [],
    allShown: true,
  })
})

test('where no thread could be opened only the ends are told, in the channel', () => {
  const failed = { kind: 'failed', reason: { kind: 'told', text: '✗ no' } } as const
  const ended = prompt(1, { kind: 'ended', end: failed })
  const plan = planPosts({ ...inTurn(saying(text('p1', 'one')), { prompts: [ended] }), thread: { kind: 'failed' } }, AS_IT_IS)
  expect(plan.posts).toMatchObject([{ channelId: CHANNEL, content: '✗ no', notify: true }])
})

test('a text without anything to see counts as shown', () => {
  const plan = planPosts(inTurn(saying(text('p1', '   ')), IDLE), AS_IT_IS)
  expect(plan).toMatchObject({ posts: [], allShown: true })
})

describe('V20: a secret the agent has said', () => {
  const secret = 'Qm9_t-T0ken.with-many-signs-in-it-4711'
  const showing = { layout, clean: (written: string): string => new Secrets([secret]).clean(written) }
  const shown = (words: string): readonly string[] =>
    planPosts(inTurn(saying(text('p1', words)), IDLE), showing).posts.flatMap(({ content, file }) => [content, file?.text ?? ''])

  test.each([1950, 1970, 1985, 2000, 12_000])('is in no message and no file, wherever a long answer is cut (%i)', (length) => {
    const all = shown(`${'word '.repeat(length / 5)}${secret} ${'and more '.repeat(1000)}`).join('\n')
    for (let at = 0; at + 12 <= secret.length; at += 1) expect(all).not.toContain(secret.slice(at, at + 12))
    expect(all).toContain('[redacted]')
  })
})

test('a button keeps its color when its label is cleaned', () => {
  const offered = { id: 's', buttons: [{ label: 'Go', color: 'green' }], offeredAt: 1, phase: { kind: 'open' } }
  const state = conversation({}, { features: { 'action-buttons': [offered] } })
  expect(planPosts(state, AS_IT_IS).posts.flatMap(({ buttons }) => buttons)).toMatchObject([{ label: 'Go', color: 'green' }])
})

/** Which posts are planned, and when. */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../src/app/conversation/plan-posts.ts'
import { layout } from '../../src/discord/layout/layout.ts'
import { beginConversation, type Conversation } from '../../src/domain/conversation/state.ts'
import { CHANNEL, GUILD, answer, text } from '../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 1 } as const

const working: Conversation = {
  ...beginConversation({
    id: '1',
    install: 'i',
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: true,
  }),
  status: { kind: 'busy' },
}

const saying = (...parts: Parameters<typeof answer>[2]): Conversation => ({
  ...working,
  messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })],
})

describe('while the agent works', () => {
  test('what is closed is planned up to the first open block', () => {
    const plan = planPosts(saying(text('p1', 'one'), text('p2', 'two', false), text('p3', 'three')), layout)
    expect(plan.posts.map(({ content }) => content)).toEqual(['⬥ one'])
    expect(plan.allShown).toBe(false)
    expect([...plan.state.posted]).toEqual(['part/p1'])
  })

  test('nothing is planned while a post is on its way; then all that has closed is packed together (P-066)', () => {
    const first = planPosts(saying(text('p1', 'one'), text('p2', '', false)), layout).state
    const three = saying(text('p1', 'one'), text('p2', 'two'), text('p3', 'three'), text('p4', '', false))
    const more: Conversation = { ...three, posted: first.posted }
    expect(planPosts({ ...more, outbox: first.outbox }, layout).posts).toEqual([])
    expect(planPosts(more, layout).posts.map(({ content }) => content)).toEqual(['⬥ two\n⬥ three'])
  })

  test('a text is said once it is whole, and whatever there is of it once the run is over', () => {
    const running = saying(text('p1', 'one'), text('p2', 'tw', false))
    expect(planPosts(running, layout).posts.map(({ content }) => content)).toEqual(['⬥ one'])
    expect(planPosts({ ...running, status: { kind: 'idle' } }, layout).posts.map(({ content }) => content)).toEqual([
      '⬥ one\n⬥ tw',
    ])
  })
})

test('once idle, the rest is planned behind what is on its way', () => {
  const first = planPosts(saying(text('p1', 'one'), text('p2', '', false)), layout).state
  const idle: Conversation = { ...saying(text('p1', 'one'), text('p2', 'two')), ...first, status: { kind: 'idle' } }
  const messages = saying(text('p1', 'one'), text('p2', 'two')).messages
  expect(planPosts({ ...idle, messages }, layout).state.outbox.map(({ content }) => content)).toEqual(['⬥ one', '⬥ two'])
})

test('a post has the same id whenever it is planned, at most 25 characters long', () => {
  const plan = () => planPosts(saying(text('p1', 'one'), text('p2', '', false)), layout).posts[0]?.id ?? ''
  expect(plan()).toBe(plan())
  expect(plan()).toHaveLength(25)
})

test('before the session has been read back nothing is planned', () => {
  expect(planPosts({ ...saying(text('p1', 'one')), mirrored: false }, layout)).toMatchObject({ posts: [], allShown: false })
})

test('a thread that is gone has nothing to be shown', () => {
  expect(planPosts({ ...saying(text('p1', 'one')), thread: { kind: 'gone' } }, layout)).toMatchObject({
    posts: [],
    allShown: true,
  })
})

test('where no thread could be opened only the ends are told, in the channel', () => {
  const failed = { kind: 'failed', reason: { kind: 'told', text: '✗ no' } } as const
  const prompt = {
    id: 'discord:1',
    order: 1,
    message: {} as never,
    acceptedAt: 1,
    phase: { kind: 'ended', end: failed },
  } as const
  const plan = planPosts({ ...saying(text('p1', 'one')), prompts: [prompt], thread: { kind: 'failed' } }, layout)
  expect(plan.posts).toMatchObject([{ channelId: CHANNEL, content: '✗ no', notify: true }])
})

test('a text without anything to see counts as shown', () => {
  const plan = planPosts({ ...saying(text('p1', '   ')), status: { kind: 'idle' } }, layout)
  expect(plan).toMatchObject({ posts: [], allShown: true })
})

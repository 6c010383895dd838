/** A place that does not let the bot write for now: the post waits with the reason, and the project channel is told. */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import { contentText, type EditablePost, type Post } from '../../../src/domain/conversation/posts/post.ts'
import { NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { conversation, post } from '../../support/conversation.ts'
import type { WithoutTime } from './posts.ts'

const THREAD = '1'
const CHANNEL = '3'

const waiting = (...outbox: readonly Post[]): Conversation =>
  conversation({}, { posts: { ...NO_POSTS, posted: new Set(outbox.flatMap(({ blocks }) => blocks)), outbox } })

/** With its posts planned. */
const after = (state: Conversation, ...inputs: readonly WithoutTime[]): Conversation =>
  inputs.reduce(
    (before, input) => planPosts(step(before, { ...input, at: 1 }).state, { layout, clean: (text) => text }).state,
    state,
  )

const held = (postId: string, code = 50_013): WithoutTime => ({ kind: 'post-held', postId, code, missing: [] })
const notices = ({ posts, channelId }: Conversation): readonly string[] =>
  posts.outbox.filter((known) => known.channelId === channelId).map(({ content }) => content)
const shown = ({ posts }: Conversation, key: string): string | undefined =>
  posts.editable.find((known) => known.key === key)?.content.text

describe('a post that Discord does not allow for now', () => {
  test('waits with the reason, and the project channel is told what to do', () => {
    const state = after(waiting(post('a'), post('b')), held('a', 160_005))
    expect(state.posts.outbox.slice(0, 2)).toEqual([post('a', { heldBy: { code: 160_005, missing: [] } }), post('b')])
    expect(notices(state)).toEqual([expect.stringMatching(/^⬦ the bot may not write in <#\d+> for now.*\n.*unlock it/)])
  })

  test('is told once, however often it is refused', () => {
    const once = after(waiting(post('a')), held('a'))
    expect(after(once, held('a'))).toBe(once)
  })

  test('for another reason by now is told in the same notice', () => {
    const state = after(waiting(post('a')), held('a', 160_005), held('a', 50_001))
    expect(notices(state)).toHaveLength(1)
    expect(shown(state, 'hold/a')).toContain('"View Channel"')
  })

  test('and stands at last: the notice says so', () => {
    const state = after(waiting(post('a')), held('a'), { kind: 'posted', postId: 'a', messageId: '7' })
    expect(shown(state, 'hold/a')).toContain('what it had to say stands there now')
  })

  test('in a thread that is deleted meanwhile: the notice says so, and is not dropped with the thread', () => {
    const state = after(waiting(post('a')), held('a'), { kind: 'thread-gone', text: '✗ gone' })
    expect(shown(state, 'hold/a')).toContain('the thread is gone')
    expect(notices(state)).toHaveLength(1)
  })

  test('in a channel that is gone with the thread is let go', () => {
    const gone: WithoutTime = { kind: 'thread-gone', text: '✗ gone' }
    expect(after(waiting(post('a')), held('a'), gone, gone).posts.outbox).toEqual([])
  })

  test('in the project channel itself is told nowhere', () => {
    const state = after(waiting(post('a', { channelId: CHANNEL })), held('a'))
    expect(state.posts.outbox).toEqual([post('a', { channelId: CHANNEL, heldBy: { code: 50_013, missing: [] } })])
  })
})

describe('a message that can never be edited again', () => {
  const card = (news: Partial<EditablePost> = {}): EditablePost => ({
    postId: 'k1',
    channelId: THREAD,
    key: 'retry/msg_1',
    content: { text: 'new words', buttons: [] },
    shown: 'old words',
    messageId: '9',
    ...news,
  })
  const standing = (...editable: readonly EditablePost[]): Conversation =>
    conversation({}, { posts: { ...NO_POSTS, posted: new Set(editable.map(({ key }) => key)), editable } })
  const fixed = (postId: string): WithoutTime => ({ kind: 'post-fixed', postId })

  test('is told in a new one, which follows the state from then on', () => {
    const { posts } = after(standing(card()), fixed('k1'))
    const [second] = posts.outbox
    expect(posts.outbox).toEqual([expect.objectContaining({ content: 'new words', editable: true, channelId: THREAD })])
    expect(posts.editable).toEqual([card({ postId: second?.id ?? '', shown: undefined, messageId: undefined })])
  })

  test('whose second message goes the same way is left alone', () => {
    const once = after(standing(card()), fixed('k1'))
    const id = once.posts.outbox[0]?.id ?? ''
    const posted = after(once, { kind: 'posted', postId: id, messageId: '10' })
    const twice = after(posted, fixed(id))
    expect(twice.posts.outbox).toEqual([])
    expect(twice.posts.editable[0]?.shown).toBe(contentText(card().content))
  })
})

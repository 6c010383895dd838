/** One create in flight, in order; then one edit at a time. */
import { beforeEach, describe, expect, test } from 'vitest'
import { OutboxPump } from '../../../src/app/conversation/outbox-pump.ts'
import { contentText, type EditablePost, type Post } from '../../../src/domain/conversation/posts/post.ts'
import { NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { conversation, post } from '../../support/conversation.ts'

/** It stands, and shows something else than it should. */
const stale = (postId: string): EditablePost => ({
  postId,
  channelId: '1',
  key: postId,
  content: { text: 'new', buttons: [] },
  shown: 'old',
  messageId: '9',
})

const state = (outbox: readonly Post[], editable: readonly EditablePost[] = []): Conversation =>
  conversation({}, { posts: { ...NO_POSTS, outbox, editable } })

let calls: string[]
let pump: OutboxPump
beforeEach(() => {
  calls = []
  pump = new OutboxPump({
    create: ({ id }, mayBePosted) => void calls.push(`create ${id}${mayBePosted ? ', if it does not stand' : ''}`),
    edit: ({ postId }) => void calls.push(`edit ${postId}`),
  })
})

const posted = (postId: string) => ({ kind: 'posted', at: 0, postId, messageId: '7' }) as const
const fixed = (postId: string) => ({ kind: 'post-fixed', at: 0, postId }) as const
const edited = (postId: string) => ({ kind: 'post-edited', at: 0, postId, shown: 'new' }) as const

describe('creates', () => {
  test('are handed out one at a time, in their order', () => {
    pump.pump(state([post('a'), post('b')]), false)
    pump.pump(state([post('a'), post('b')]), false)
    expect(calls).toEqual(['create a'])
    pump.took(posted('a'))
    pump.pump(state([post('b')]), false)
    expect(calls).toEqual(['create a', 'create b'])
  })

  test('of an earlier process are handed out as such', () => {
    pump.pump(state([post('a')]), true)
    expect(calls).toEqual(['create a, if it does not stand'])
  })

  test.each([
    ['refused', { kind: 'post-refused', at: 0, postId: 'a', fallback: 'x' }],
    ['for a thread that is gone', { kind: 'thread-gone', at: 0, text: 'x' }],
  ] as const)('that are %s make room for the next', (_how, input) => {
    pump.pump(state([post('a')]), false)
    pump.took(input)
    pump.pump(state([post('b')]), false)
    expect(calls).toEqual(['create a', 'create b'])
  })

  test('are not ended by what is told of another post', () => {
    pump.pump(state([post('a')]), false)
    pump.took(posted('b'))
    pump.pump(state([post('a')]), false)
    expect(calls).toEqual(['create a'])
  })
})

describe('edits', () => {
  test('wait while something is to be created', () => {
    pump.pump(state([post('a')], [stale('b')]), false)
    pump.pump(state([post('a')], [stale('b')]), false)
    expect(calls).toEqual(['create a'])
    pump.took(posted('a'))
    pump.pump(state([], [stale('b')]), false)
    expect(calls).toEqual(['create a', 'edit b'])
  })

  test.each([edited, fixed])('end with their post: edited, or never to be edited again', (ended) => {
    pump.pump(state([], [stale('a')]), false)
    pump.took(ended('b'))
    pump.pump(state([], [stale('a')]), false)
    pump.took(ended('a'))
    pump.pump(state([], [stale('b')]), false)
    expect(calls).toEqual(['edit a', 'edit b'])
  })

  test('follow each other, so that the last content stays', () => {
    pump.pump(state([], [stale('a'), stale('b')]), false)
    pump.pump(state([], [stale('a'), stale('b')]), false)
    expect(calls).toEqual(['edit a'])
    pump.took(edited('a'))
    pump.pump(state([], [stale('b')]), false)
    expect(calls).toEqual(['edit a', 'edit b'])
  })

  test('do not hold up a create', () => {
    pump.pump(state([], [stale('a')]), false)
    pump.pump(state([post('b')], [stale('a')]), false)
    expect(calls).toEqual(['edit a', 'create b'])
  })

  test('of what shows what it should, or was not posted yet, are none', () => {
    pump.pump(
      state(
        [],
        [
          { ...stale('a'), shown: contentText(stale('a').content) },
          { ...stale('b'), messageId: undefined },
        ],
      ),
      false,
    )
    expect(calls).toEqual([])
  })
})

test('the channels of a conversation do not wait for each other', () => {
  const notice = { ...stale('notice'), channelId: 'project' }
  pump.pump(state([post('a'), post('b'), post('c', { channelId: 'project' })], [notice]), false)
  expect(calls).toEqual(['create a', 'create c'])
  pump.took(posted('c'))
  pump.pump(state([post('a'), post('b')], [notice]), false)
  pump.took(edited('notice'))
  pump.pump(state([post('a'), post('b')]), false)
  expect(calls).toEqual(['create a', 'create c', 'edit notice'])
})

test('nothing is handed out before the conversation was read', () => {
  pump.pump(undefined, false)
  expect(calls).toEqual([])
})

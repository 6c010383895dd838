/** Takes what became of a post in Discord: confirmed, held, refused, edited, or never to be edited again. */
import { deriveId } from '../../../base/ids.ts'
import { noEffects, type Change } from '../change.ts'
import type { RunEvent } from '../event.ts'
import type { Input } from '../input.ts'
import { contentText, type EditablePost, type Hold, type Post } from '../posts/post.ts'
import type { Conversation } from '../state.ts'

export function onPosted(
  state: Conversation,
  { postId, messageId, isForeign }: Extract<Input, { readonly kind: 'posted' }>,
): Change {
  const { posts } = state
  const post = posts.outbox.find(({ id }) => id === postId)
  const sent: Conversation = { ...state, posts: { ...posts, outbox: posts.outbox.filter(({ id }) => id !== postId) } }
  if (!post) return noEffects(sent)
  const shown = contentText({ text: post.content, buttons: post.buttons, select: post.select })
  return left(
    released(post.editable ? updateEditable(sent, postId, { messageId, shown, ...(isForeign && { isForeign }) }) : sent, post),
    post,
  )
}

export const onPostEdited = (state: Conversation, postId: string, shown: string): Conversation =>
  updateEditable(state, postId, { shown })

/** It waits, with the reason, and what stands behind it in its channel waits with it. */
export function onPostHeld(state: Conversation, { postId, code, missing }: Extract<Input, { kind: 'post-held' }>): Change {
  const post = state.posts.outbox.find(({ id }) => id === postId)
  if (!post || isEqual(post.heldBy, { code, missing })) return noEffects(state)
  const held = updatePost(state, postId, () => [{ ...post, heldBy: { code, missing } }])
  return { ...noEffects(held), events: eventOf(state, post, { kind: 'post-held', postId, code, missing }) }
}

/** First the fallback line in its place, then nothing: what can never be posted blocks no later post. */
export function onPostRefused(state: Conversation, postId: string, fallback: string): Change {
  const post = state.posts.outbox.find(({ id }) => id === postId)
  if (!post) return noEffects(state)
  const plain = { components: undefined, file: undefined, attached: undefined }
  const line = { ...post, ...plain, content: fallback, fallback: true, heldBy: undefined }
  return left(
    released(
      updatePost(state, postId, () => (post.fallback ? [] : [line])),
      post,
    ),
    post,
  )
}

/** Its content is told in a new message. A message in whose place that stands already is left alone: somebody deletes them. */
export function onPostFixed(state: Conversation, postId: string): Conversation {
  const fixed = state.posts.editable.find((post) => post.postId === postId)
  if (!fixed) return state
  if (isSecond(postId)) return updateEditable(state, postId, { shown: contentText(fixed.content) })
  const id = deriveId(SECOND, postId)
  const { channelId, key, content } = fixed
  const post: Post = {
    id,
    channelId,
    blocks: [key],
    content: content.text,
    file: undefined,
    notify: false,
    fallback: false,
    editable: true,
    buttons: content.buttons,
    select: content.select,
  }
  const { outbox, editable } = state.posts
  const second: EditablePost = { postId: id, channelId, key, content, shown: undefined, messageId: undefined }
  const others = editable.map((known) => (known === fixed ? second : known))
  return { ...state, posts: { ...state.posts, outbox: [...outbox, post], editable: others } }
}

/** The id of a message that stands in the place of another one begins with it; all others begin with `k`. */
const SECOND = 's'
const isSecond = (postId: string): boolean => postId.startsWith(SECOND)

const released = (state: Conversation, post: Post): Change => ({
  ...noEffects(state),
  events: post.heldBy ? eventOf(state, post, { kind: 'post-released', postId: post.id }) : [],
})

/** Only whoever gave it files is concerned. */
const left = (change: Change, post: Post): Change =>
  post.attached ? { ...change, events: [...change.events, { kind: 'post-left', post }] } : change

/** The notice of a hold stands in the project channel: its own hold is told nowhere. */
const eventOf = ({ channelId }: Conversation, post: Post, event: RunEvent): readonly RunEvent[] =>
  post.channelId === channelId ? [] : [event]

const isEqual = (one: Hold | undefined, other: Hold): boolean =>
  one !== undefined && one.code === other.code && one.missing.join() === other.missing.join()

function updatePost(state: Conversation, postId: string, update: () => readonly Post[]): Conversation {
  const outbox = state.posts.outbox.flatMap((post) => (post.id === postId ? update() : [post]))
  return { ...state, posts: { ...state.posts, outbox } }
}

function updateEditable(state: Conversation, postId: string, news: Partial<EditablePost>): Conversation {
  const editable = state.posts.editable.map((post) => (post.postId === postId ? { ...post, ...news } : post))
  return { ...state, posts: { ...state.posts, editable } }
}

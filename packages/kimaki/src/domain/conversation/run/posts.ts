/** Takes what became of a post in Discord: confirmed, edited or refused. */
import { contentText, type EditablePost, type Post } from '../posts/post.ts'
import type { Conversation } from '../state.ts'

export function onPosted(state: Conversation, postId: string, messageId: string): Conversation {
  const { posts } = state
  const post = posts.outbox.find(({ id }) => id === postId)
  const sent: Conversation = { ...state, posts: { ...posts, outbox: posts.outbox.filter(({ id }) => id !== postId) } }
  if (!post?.editable) return sent
  return updateEditable(sent, postId, { messageId, shown: contentText({ text: post.content, buttons: post.buttons }) })
}

export const onPostEdited = (state: Conversation, postId: string, shown: string): Conversation =>
  updateEditable(state, postId, { shown })

/** First the fallback line in its place, then nothing: a post never blocks later ones. */
export function onPostRefused(state: Conversation, postId: string, fallback: string): Conversation {
  const retry = (post: Post): readonly Post[] => {
    if (post.id !== postId) return [post]
    return post.fallback ? [] : [{ ...post, content: fallback, file: undefined, fallback: true }]
  }
  return { ...state, posts: { ...state.posts, outbox: state.posts.outbox.flatMap(retry) } }
}

function updateEditable(state: Conversation, postId: string, news: Partial<EditablePost>): Conversation {
  const editable = state.posts.editable.map((post) => (post.postId === postId ? { ...post, ...news } : post))
  return { ...state, posts: { ...state.posts, editable } }
}

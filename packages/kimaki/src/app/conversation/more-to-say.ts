/** What has to be told before the bot ends. */
import { shell } from '../../domain/conversation/features/shell.ts'
import { isStale } from '../../domain/conversation/posts/post.ts'
import type { ConversationHandle } from './handle.ts'

/** Threads of shell commands are told that those were stopped, before the bot ends. */
export function hasMoreToSay({ state }: ConversationHandle): boolean {
  const commands = state ? shell.of(state) : []
  if (!state || commands.length === 0) return false
  const { outbox, editable } = state.posts
  return commands.some(({ phase }) => phase.kind === 'running') || outbox.length > 0 || editable.some(isStale)
}

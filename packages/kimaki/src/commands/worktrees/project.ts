/** The project folder of a conversation, which may itself work in a worktree of it. */
import { worktreeOf } from '../../domain/conversation/features/place/worktree.ts'
import type { Conversation } from '../../domain/conversation/state.ts'

export const projectOf = (state: Conversation): string => worktreeOf(state)?.source ?? state.directory

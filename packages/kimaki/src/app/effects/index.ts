/** The list of all effects. */
import { abort } from './abort.ts'
import { allowAsk } from './asks/allow.ts'
import { answerQuestion } from './asks/answer.ts'
import { audit } from './audit.ts'
import { beginConversation } from './begin-conversation.ts'
import { commandWork } from './command-work.ts'
import type { EffectDefinition } from './definition.ts'
import { fork } from './fork.ts'
import { mergeWorktree } from './worktrees/merge-worktree.ts'
import { makeWorktree } from './worktrees/make-worktree.ts'
import { letIn } from './let-in.ts'
import { readHistory } from './history/read-history.ts'
import { openSession } from './open-session.ts'
import { openThread } from './open-thread.ts'
import { prepare } from './prepare.ts'
import { prompt } from './prompt.ts'
import { rejectAsk } from './asks/reject.ts'
import { switchModel } from './unread/switch-model.ts'
import { reply } from './reply.ts'
import { saveUploads } from './asks/save-uploads.ts'
import { shell } from './shell.ts'
import { transcribe } from './voice/transcribe.ts'
import { interrupt } from './unread/interrupt.ts'
import { recall } from './unread/recall.ts'

export const EFFECTS: readonly EffectDefinition[] = [
  abort,
  allowAsk,
  answerQuestion,
  audit,
  beginConversation,
  commandWork,
  fork,
  interrupt,
  letIn,
  makeWorktree,
  mergeWorktree,
  openSession,
  openThread,
  prepare,
  prompt,
  readHistory,
  recall,
  rejectAsk,
  switchModel,
  reply,
  saveUploads,
  shell,
  transcribe,
]

/** The list of all actions: reads and cosmetics that conversations ask for. */
import type { Action } from '../../domain/conversation/effect.ts'
import type { ConversationHandle } from '../conversation/handle.ts'
import { addMember } from './add-member.ts'
import { collectFooter } from './collect-footer.ts'
import { collectLimit } from './collect-limit.ts'
import type { ActionDefinition, ActionDeps } from './definition.ts'
import { forgetFiles, keepFiles } from './agent-files.ts'
import { readSession } from './read-session.ts'
import { renameThread } from './rename-thread.ts'
import { alarm } from './set-alarm.ts'
import { stopCommand } from './stop-command.ts'
import { tellPresser } from './tell-presser.ts'

export const ACTIONS: readonly ActionDefinition[] = [
  addMember,
  collectFooter,
  collectLimit,
  forgetFiles,
  keepFiles,
  readSession,
  renameThread,
  alarm,
  stopCommand,
  tellPresser,
]

export function startActions(
  deps: ActionDeps,
  actions: readonly ActionDefinition[] = ACTIONS,
): (conversation: ConversationHandle, action: Action) => void {
  const started = new Map(actions.map((definition) => [definition.kind, definition.start(deps)]))
  return (conversation, action) => started.get(action.kind)?.(conversation, action)
}

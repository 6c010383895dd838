/** The list of all features. Their order has no meaning (`test/domain/conversation/features.test.ts` shuffles it). */
import type { Feature } from '../feature.ts'
import { agentFiles } from './output/agent-files.ts'
import { actionButtons } from './asks/action-buttons.ts'
import { asks } from './asks/asks.ts'
import { bots } from './talk/bots.ts'
import { btw } from './btw.ts'
import { commands } from './commands/work.ts'
import { collisions } from './told/collisions.ts'
import { context } from './context.ts'
import { contextLimit } from './told/context-limit.ts'
import { copiedFrom } from './copied-from.ts'
import { fileUpload } from './asks/file-upload.ts'
import { flush } from './flush.ts'
import { footer } from './footer.ts'
import { guests } from './talk/guests.ts'
import { goesOn } from './told/goes-on.ts'
import { hold } from './told/hold.ts'
import { interrupts } from './interrupts.ts'
import { lateEdits } from './told/late-edits.ts'
import { launch } from './launch.ts'
import { models } from './commands/models.ts'
import { mirror } from './told/mirror.ts'
import { merge } from './place/merge.ts'
import { missedCommands } from './told/missed-commands.ts'
import { notices } from './told/notices.ts'
import { parent } from './talk/parent.ts'
import { programs } from './told/programs.ts'
import { queue } from './queue.ts'
import { retry } from './retry.ts'
import { room } from './told/room.ts'
import { shell } from './shell.ts'
import { silence } from './silence.ts'
import { stop } from './stop.ts'
import { title } from './title.ts'
import { newSession } from './told/new-session.ts'
import { toasts } from './told/toasts.ts'
import { turnLimit } from './limits/turn-limit.ts'
import { unreadFiles } from './told/unread-files.ts'
import { worktree } from './place/worktree.ts'
import { verbosity } from './verbosity.ts'
import { voice } from './voice/voice.ts'

export const FEATURES: readonly Feature[] = [
  actionButtons,
  agentFiles,
  asks,
  bots,
  btw,
  collisions,
  commands,
  context,
  contextLimit,
  copiedFrom,
  fileUpload,
  flush,
  footer,
  guests,
  goesOn,
  hold,
  interrupts,
  lateEdits,
  launch,
  merge,
  mirror,
  missedCommands,
  models,
  newSession,
  notices,
  parent,
  programs,
  queue,
  retry,
  room,
  shell,
  silence,
  stop,
  title,
  toasts,
  turnLimit,
  unreadFiles,
  verbosity,
  voice,
  worktree,
]

/** What the thread should show of the open turn, in order: pure, from the state alone. */
import type { Conversation } from '../domain/conversation/state.ts'
import { answerBlocks } from './answer.ts'
import { actionButtonBlocks } from './asks/action-buttons.ts'
import { fileUploadBlocks } from './asks/file-upload.ts'
import { askBlocks } from './asks/asks.ts'
import { guestBlocks } from './asks/guests.ts'
import { begunBlocks } from './begun.ts'
import type { Block } from './blocks.ts'
import { botsBlocks } from './bots.ts'
import { btwBlocks, failedBtwBlocks } from './btw.ts'
import { endBlocks } from './ends.ts'
import { programBlocks } from './told/programs.ts'
import { goesOnBlocks, movedBlocks } from './told/goes-on.ts'
import { lateEditBlocks } from './told/late-edits.ts'
import { launchBlocks } from './launch.ts'
import { collisionBlocks } from './told/collisions.ts'
import { holdBlocks } from './told/hold.ts'
import { missedCommandBlocks } from './told/missed-commands.ts'
import { droppedQueueBlocks, queueBlocks } from './queue.ts'
import { retryBlocks } from './retry.ts'
import { silenceBlocks } from './silence.ts'
import { longRunBlocks } from './stop.ts'
import { shellBlocks, shellEndBlocks } from './shell.ts'
import { mirrorBlocks } from './told/mirror.ts'
import { roomBlocks } from './told/room.ts'
import { toastBlocks } from './told/toasts.ts'
import { noticeBlocks } from './told/notices.ts'
import { newSessionBlocks } from './told/new-session.ts'
import { turnLimitBlocks } from './limits/turn-limit.ts'
import { unreadFileBlocks } from './told/unread-files.ts'
import { mergeBlocks } from './worktrees/merge.ts'
import { worktreeBlocks } from './worktrees/place.ts'
import { droppedVoiceBlocks, voiceBlocks } from './voice.ts'

type View = (state: Conversation) => readonly Block[]

/** From the first block of a turn to the last. */
const VIEWS: readonly View[] = [
  begunBlocks,
  worktreeBlocks,
  goesOnBlocks,
  newSessionBlocks,
  voiceBlocks,
  unreadFileBlocks,
  programBlocks,
  roomBlocks,
  mirrorBlocks,
  answerBlocks,
  longRunBlocks,
  turnLimitBlocks,
  retryBlocks,
  silenceBlocks,
  askBlocks,
  fileUploadBlocks,
  actionButtonBlocks,
  btwBlocks,
  lateEditBlocks,
  toastBlocks,
  collisionBlocks,
  botsBlocks,
  guestBlocks,
  endBlocks,
  failedBtwBlocks,
  droppedQueueBlocks,
  movedBlocks,
  missedCommandBlocks,
  mergeBlocks,
  noticeBlocks,
  launchBlocks,
  queueBlocks,
  shellBlocks,
  holdBlocks,
]

/** What is told in the project channel of a thread that is gone, or could not be opened. */
const VIEWS_WITHOUT_THREAD: readonly View[] = [
  unreadFileBlocks,
  endBlocks,
  failedBtwBlocks,
  droppedQueueBlocks,
  droppedVoiceBlocks,
  shellEndBlocks,
  holdBlocks,
]

export function view(state: Conversation): readonly Block[] {
  const isGone = state.thread.kind === 'failed' || state.thread.kind === 'gone'
  return (isGone ? VIEWS_WITHOUT_THREAD : VIEWS).flatMap((blocks) => blocks(state))
}

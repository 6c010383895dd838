/**
 * The points at which a bot is killed, by name: one or more for every row of the `kill -9` table. Each names a call on a port and the
 * side of it: `before` (nothing of it has happened) or `after` (it has happened, and nobody was told).
 */
import type { Batch } from '../../src/ports/store.ts'

export interface Point {
  readonly name: string
  /** The row of the table it belongs to. */
  readonly row: string
  readonly call:
    | 'commit'
    | 'openThread'
    | 'startThread'
    | 'post'
    | 'edit'
    | 'download'
    | 'openSession'
    | 'fork'
    | 'prompt'
    | 'abort'
    | 'snapshot'
    | 'shell'
    | 'defer'
    | 'reply'
    | 'allow'
    | 'answer'
    | 'files'
    | 'transcribe'
  readonly side: 'before' | 'after'
  /** For `commit`: which batches are meant. */
  readonly batch?: (batch: Batch) => boolean
  /** What has to be sent for the point to be reached. */
  readonly load: Load
}

export type Load = keyof typeof PLAYED_IN

/** The test file that sends it, and is killed at every point that is reached so. */
const PLAYED_IN = {
  text: 'points',
  table: 'points',
  tool: 'points',
  attachment: 'points',
  retry: 'points',
  interrupt: 'points',
  btw: 'points',
  abort: 'points',
  voice: 'points',
  shell: 'shell-points',
  permit: 'ask-points',
  question: 'ask-points',
  buttons: 'ask-points',
  upload: 'ask-points',
  guest: 'ask-points',
  picture: 'ask-points',
} as const

type Played<File> = { [Each in Load]: (typeof PLAYED_IN)[Each] extends File ? Each : never }[Load]
export type AskLoad = Played<'ask-points'>

export const pointsIn = <File extends (typeof PLAYED_IN)[Load]>(
  file: File,
): readonly (Point & { readonly load: Played<File> })[] =>
  POINTS.filter((point): point is Point & { readonly load: Played<File> } => PLAYED_IN[point.load] === file)

const accepts = (batch: Batch): boolean => (batch.accept?.length ?? 0) > 0
const begins = (batch: Batch): boolean =>
  batch.accept?.some(({ request }) => request.kind === 'message' && request.begins !== undefined) ?? false
const presses = (batch: Batch): boolean => batch.accept?.some(({ request }) => request.kind === 'pressed') ?? false
const receives = (batch: Batch): boolean => (batch.receipts?.length ?? 0) > 0
const steps = (batch: Batch): boolean => (batch.done?.length ?? 0) > 0
const ends =
  (kind: string) =>
  (batch: Batch): boolean =>
    batch.conversation?.effectsDone.some((key) => key.split(/[/:]/)[0] === kind) ?? false
const plans = (batch: Batch): boolean => (batch.conversation?.posts.length ?? 0) > 0
const confirms = (batch: Batch): boolean => (batch.conversation?.sent.length ?? 0) > 0
const letsIn = (batch: Batch): boolean =>
  batch.accept?.some(({ request }) => request.kind === 'message' && request.message.letInBy !== undefined) ?? false
const plansFiles = (batch: Batch): boolean => batch.conversation?.posts.some(({ attached }) => attached !== undefined) ?? false
const closesTurn = (batch: Batch): boolean => batch.conversation?.turnClosed ?? false

const ACCEPT = 'before [1] commits'
const STEP = 'between [1] and [2] or inside [2]'
const DO = 'after [2], before [4]'
const HAND_OVER = 'in [4], prompt sent, answer unknown'
const SHOW = 'in [3], POST sent, id not stored'
const RUN = 'mid-run'
const EDIT = 'during an edit'
const ANSWER = 'while OpenCode is told what a person answered'
const FETCH = 'while files are fetched'
const COMMAND = "while a person's shell command runs"
const RECEIPT = 'after the row of a slash command, before its receipt is on record'

export const POINTS: readonly Point[] = [
  { name: 'accept-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: accepts, load: 'text' },
  { name: 'accept-after-commit', row: STEP, call: 'commit', side: 'after', batch: accepts, load: 'text' },
  { name: 'step-before-commit', row: STEP, call: 'commit', side: 'before', batch: steps, load: 'text' },
  { name: 'step-after-commit', row: DO, call: 'commit', side: 'after', batch: steps, load: 'text' },
  { name: 'thread-before', row: DO, call: 'openThread', side: 'before', load: 'text' },
  { name: 'thread-after', row: DO, call: 'openThread', side: 'after', load: 'text' },
  { name: 'session-before', row: DO, call: 'openSession', side: 'before', load: 'text' },
  { name: 'session-after', row: DO, call: 'openSession', side: 'after', load: 'text' },
  { name: 'session-outcome-before-commit', row: DO, call: 'commit', side: 'before', batch: ends('open-session'), load: 'text' },
  { name: 'attachment-before', row: DO, call: 'download', side: 'before', load: 'attachment' },
  { name: 'attachment-after', row: DO, call: 'download', side: 'after', load: 'attachment' },
  { name: 'prompt-before', row: DO, call: 'prompt', side: 'before', load: 'text' },
  { name: 'prompt-after', row: HAND_OVER, call: 'prompt', side: 'after', load: 'text' },
  { name: 'prompt-after-tool-run', row: HAND_OVER, call: 'prompt', side: 'after', load: 'tool' },
  { name: 'prompt-outcome-before-commit', row: HAND_OVER, call: 'commit', side: 'before', batch: ends('prompt'), load: 'text' },
  { name: 'prompt-outcome-after-commit', row: RUN, call: 'commit', side: 'after', batch: ends('prompt'), load: 'tool' },
  { name: 'plan-before-commit', row: RUN, call: 'commit', side: 'before', batch: plans, load: 'tool' },
  { name: 'plan-after-commit', row: SHOW, call: 'commit', side: 'after', batch: plans, load: 'tool' },
  { name: 'post-before', row: SHOW, call: 'post', side: 'before', load: 'text' },
  { name: 'post-after', row: SHOW, call: 'post', side: 'after', load: 'text' },
  { name: 'post-after-of-a-table', row: SHOW, call: 'post', side: 'after', load: 'table' },
  { name: 'post-after-in-a-tool-run', row: SHOW, call: 'post', side: 'after', load: 'tool' },
  { name: 'post-id-before-commit', row: SHOW, call: 'commit', side: 'before', batch: confirms, load: 'text' },
  { name: 'post-id-after-commit', row: RUN, call: 'commit', side: 'after', batch: confirms, load: 'tool' },
  { name: 'close-turn-before-commit', row: RUN, call: 'commit', side: 'before', batch: closesTurn, load: 'text' },
  { name: 'close-turn-after-commit', row: RUN, call: 'commit', side: 'after', batch: closesTurn, load: 'text' },
  { name: 'interrupt-before', row: DO, call: 'abort', side: 'before', load: 'interrupt' },
  { name: 'interrupt-after', row: DO, call: 'abort', side: 'after', load: 'interrupt' },
  { name: 'fork-before', row: DO, call: 'fork', side: 'before', load: 'btw' },
  { name: 'fork-after', row: DO, call: 'fork', side: 'after', load: 'btw' },
  { name: 'fork-outcome-before-commit', row: DO, call: 'commit', side: 'before', batch: ends('fork'), load: 'btw' },
  { name: 'begin-thread-before', row: DO, call: 'startThread', side: 'before', load: 'btw' },
  { name: 'begin-thread-after', row: DO, call: 'startThread', side: 'after', load: 'btw' },
  { name: 'begin-accept-before-commit', row: DO, call: 'commit', side: 'before', batch: begins, load: 'btw' },
  { name: 'begin-accept-after-commit', row: DO, call: 'commit', side: 'after', batch: begins, load: 'btw' },
  { name: 'begin-outcome-before-commit', row: DO, call: 'commit', side: 'before', batch: ends('begin'), load: 'btw' },
  { name: 'edit-before', row: EDIT, call: 'edit', side: 'before', load: 'retry' },
  { name: 'edit-after', row: EDIT, call: 'edit', side: 'after', load: 'retry' },
  { name: 'shell-before', row: COMMAND, call: 'shell', side: 'before', load: 'shell' },
  { name: 'shell-after', row: COMMAND, call: 'shell', side: 'after', load: 'shell' },
  { name: 'command-before-receipt', row: RECEIPT, call: 'defer', side: 'before', load: 'abort' },
  { name: 'command-receipt-before-commit', row: RECEIPT, call: 'commit', side: 'before', batch: receives, load: 'abort' },
  { name: 'command-after-receipt', row: STEP, call: 'commit', side: 'after', batch: receives, load: 'abort' },
  { name: 'reply-before', row: DO, call: 'reply', side: 'before', load: 'abort' },
  { name: 'reply-after', row: DO, call: 'reply', side: 'after', load: 'abort' },
  { name: 'press-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: presses, load: 'permit' },
  { name: 'press-after-commit', row: STEP, call: 'commit', side: 'after', batch: presses, load: 'permit' },
  { name: 'press-of-a-question-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: presses, load: 'question' },
  { name: 'press-of-a-question-after-commit', row: STEP, call: 'commit', side: 'after', batch: presses, load: 'question' },
  { name: 'press-of-a-button-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: presses, load: 'buttons' },
  { name: 'press-of-a-button-after-commit', row: STEP, call: 'commit', side: 'after', batch: presses, load: 'buttons' },
  { name: 'press-with-files-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: presses, load: 'upload' },
  { name: 'press-with-files-after-commit', row: STEP, call: 'commit', side: 'after', batch: presses, load: 'upload' },
  { name: 'press-for-a-guest-before-commit', row: ACCEPT, call: 'commit', side: 'before', batch: presses, load: 'guest' },
  { name: 'press-for-a-guest-after-commit', row: STEP, call: 'commit', side: 'after', batch: presses, load: 'guest' },
  { name: 'let-in-before-commit', row: DO, call: 'commit', side: 'before', batch: letsIn, load: 'guest' },
  { name: 'let-in-after-commit', row: DO, call: 'commit', side: 'after', batch: letsIn, load: 'guest' },
  { name: 'let-in-outcome-before-commit', row: DO, call: 'commit', side: 'before', batch: ends('let-in'), load: 'guest' },
  { name: 'upload-before', row: FETCH, call: 'download', side: 'before', load: 'upload' },
  { name: 'upload-after', row: FETCH, call: 'download', side: 'after', load: 'upload' },
  {
    name: 'upload-outcome-before-commit',
    row: FETCH,
    call: 'commit',
    side: 'before',
    batch: ends('save-uploads'),
    load: 'upload',
  },
  { name: 'upload-outcome-after-commit', row: RUN, call: 'commit', side: 'after', batch: ends('save-uploads'), load: 'upload' },
  { name: 'files-before', row: FETCH, call: 'files', side: 'before', load: 'picture' },
  { name: 'files-after', row: FETCH, call: 'files', side: 'after', load: 'picture' },
  { name: 'files-plan-before-commit', row: FETCH, call: 'commit', side: 'before', batch: plansFiles, load: 'picture' },
  { name: 'files-plan-after-commit', row: SHOW, call: 'commit', side: 'after', batch: plansFiles, load: 'picture' },
  { name: 'voice-before', row: FETCH, call: 'transcribe', side: 'before', load: 'voice' },
  { name: 'voice-after', row: FETCH, call: 'transcribe', side: 'after', load: 'voice' },
  { name: 'voice-outcome-before-commit', row: FETCH, call: 'commit', side: 'before', batch: ends('transcribe'), load: 'voice' },
  { name: 'answer-before', row: ANSWER, call: 'answer', side: 'before', load: 'question' },
  { name: 'answer-after', row: ANSWER, call: 'answer', side: 'after', load: 'question' },
  { name: 'allow-before', row: ANSWER, call: 'allow', side: 'before', load: 'permit' },
  { name: 'allow-after', row: ANSWER, call: 'allow', side: 'after', load: 'permit' },
  { name: 'allow-outcome-before-commit', row: ANSWER, call: 'commit', side: 'before', batch: ends('allow-ask'), load: 'permit' },
  { name: 'shell-outcome-before-commit', row: COMMAND, call: 'commit', side: 'before', batch: ends('shell'), load: 'shell' },
]

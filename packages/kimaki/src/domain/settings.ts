/** What the operator may set and a decision depends on. */

export interface Settings {
  /** A run whose model has not sent a byte for this long is stopped; time in tools does not count. Milliseconds. */
  readonly modelStallMs: number
  /** A message that no step has read so long after it arrived stops the step that runs. Milliseconds. */
  readonly interruptAfterMs: number
  /** A run that has lasted so long gets a post with a button that stops it. Milliseconds. */
  readonly stopButtonAfterMs: number
  /** A turn that works longer is stopped; minutes in which a person is asked do not count. Undefined: never. */
  readonly turnLimitMin: number | undefined
  /** A shell command of a person that runs longer is ended. Milliseconds. */
  readonly shellTimeoutMs: number
  /** Shell commands of people at once, over the whole bot; what a command left in the background counts. */
  readonly shellCommands: number
  /** Conversations that one person may begin within a minute. */
  readonly threadsPerMinute: number
  /** Messages that wait in the queue of one thread. */
  readonly queueLength: number
  /** Conversations whose agent works at once, over the whole bot. */
  readonly agentsAtOnce: number
  /** A permission that nobody has answered for so long is rejected. Milliseconds; undefined: it waits for ever. */
  readonly permissionTimeoutMs?: number | undefined
  /** A message of somebody who may not speak gets a card by which somebody who may lets this one message in. */
  readonly guestApproval: boolean
  /** Every member of a server may speak, but for those with a role that blocks. */
  readonly isOpen: boolean
  /** What counts in channels where nobody has chosen: messages begin a session only where they mention the bot. */
  readonly mentionMode: boolean
  /** What counts in channels where nobody has chosen: a conversation that begins there gets a worktree of its own. */
  readonly usesWorktrees: boolean
  /** What people do in terminals, in the sessions of linked folders, is shown; and a message waits for a terminal's run. */
  readonly mirrorsTerminals: boolean
  /** The agent is told how people look at what it changed. */
  readonly tellsOfDiffs: boolean
}

/** OpenCode itself gives a silent provider 5 minutes and then asks it again: ours is for what it does not notice. */
export const DEFAULT_SETTINGS: Settings = {
  modelStallMs: 6 * 60_000,
  interruptAfterMs: 3000,
  stopButtonAfterMs: 15_000,
  turnLimitMin: undefined,
  shellTimeoutMs: 10 * 60_000,
  shellCommands: 20,
  threadsPerMinute: 20,
  queueLength: 50,
  agentsAtOnce: 10,
  guestApproval: false,
  isOpen: false,
  mentionMode: false,
  usesWorktrees: false,
  mirrorsTerminals: true,
  tellsOfDiffs: true,
}

/**
 * A terminal works in the session (`run/watch/elsewhere.ts`): prompts wait for its run, and the thread says so. A run that gives no sign of life for
 * ten minutes counts as over, since its terminal may be gone; a person need not wait for that.
 *
 *     a reading shows the run ──▶ 0 checks ──a minute──▶ 1 ──a minute──▶ 2 ... ──a minute──▶ 10: passed
 *                                    ▲                                                        ▲
 *                                    └── the next reading shows something new      a person presses "Send now"
 */
import { setAlarm } from '../../effect.ts'
import { defineFeature, keep, type FeatureChange } from '../../feature.ts'
import { isLive, isSubmitted } from '../../prompt.ts'
import { readSession } from '../../run/effects.ts'
import { SILENT_MS, signsOf } from '../../run/watch/elsewhere.ts'
import type { Conversation } from '../../state.ts'

const CHECK_MS = 60_000
const CHECKS = SILENT_MS / CHECK_MS

export interface TerminalRun {
  /** What the session said when it was read last. */
  readonly signs: string
  /** Minutes since something new stood there. */
  readonly checks: number
}

export interface TerminalWait {
  /** The prompt that waited first. */
  readonly during: string
  readonly state: 'waits' | 'begun' | 'given-up'
}

interface MirrorSlice {
  readonly run?: TerminalRun
  readonly wait?: TerminalWait
  /** The message of a terminal that nobody waits for any more. */
  readonly passed?: string
}

const NOTHING: MirrorSlice = {}

export const mirror = defineFeature<MirrorSlice>({
  name: 'mirror',
  version: 1,
  initial: NOTHING,
  on: {
    'session-read': (slice, { snapshot: { status, messages } }) =>
      status.kind === 'elsewhere' ? watched(slice, signsOf(messages.slice(-SIGNS))) : keep(withoutRun(slice)),
  },
  due: (slice, state) => keep(waiting(slice, state)),
  alarm: (slice, name, state) => (name === ALARM && slice.run ? checked(slice, slice.run, state) : keep(slice)),
  buttons: {
    'send-now': (slice, about, _press, state) =>
      slice.wait?.state === 'waits' && slice.wait.during === about ? pass(slice, state) : keep(slice),
  },
  gates: {
    submit: (_, { turn }) => (turn.status.kind === 'elsewhere' ? 'a terminal works in the session' : undefined),
  },
  isPassed: ({ passed }, userMessageId) => passed === userMessageId,
  closeTurn: (slice) => (slice === NOTHING ? slice : NOTHING),
})

const ALARM = 'terminal-silent'
/** Newest messages in which a sign of life would be. */
const SIGNS = 3

function watched(slice: MirrorSlice, signs: string): FeatureChange<MirrorSlice> {
  const isSame = slice.run?.signs === signs
  return { slice: isSame ? slice : { ...slice, run: { signs, checks: 0 } }, actions: [setAlarm('mirror', ALARM, CHECK_MS)] }
}

function withoutRun(slice: MirrorSlice): MirrorSlice {
  if (!slice.run) return slice
  const { run: _run, ...left } = slice
  return left
}

function checked(slice: MirrorSlice, run: TerminalRun, state: Conversation): FeatureChange<MirrorSlice> {
  if (run.checks + 1 >= CHECKS) return pass(slice, state)
  return { slice: { ...slice, run: { ...run, checks: run.checks + 1 } }, actions: [readSession(0)] }
}

/** The session is read again, and counts as idle. */
function pass(slice: MirrorSlice, { turn }: Conversation): FeatureChange<MirrorSlice> {
  const passed = turn.messages.findLast((message) => message.kind === 'user' && message.words !== undefined)?.id
  return passed === undefined ? keep(slice) : { slice: { ...slice, passed }, actions: [readSession(0)] }
}

function waiting(slice: MirrorSlice, { turn }: Conversation): MirrorSlice {
  const { wait } = slice
  const next = turn.prompts.find((prompt) => isLive(prompt) && prompt.phase.kind !== 'delivered')
  if (turn.status.kind === 'elsewhere') {
    return next && wait?.state !== 'waits' ? { ...slice, wait: { during: next.id, state: 'waits' } } : slice
  }
  if (wait?.state !== 'waits') return slice
  if (turn.prompts.some((prompt) => isSubmitted(prompt) && prompt.phase.kind !== 'resend'))
    return { ...slice, wait: { ...wait, state: 'begun' } }
  return turn.prompts.some(isLive) ? slice : { ...slice, wait: { ...wait, state: 'given-up' } }
}

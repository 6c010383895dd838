/**
 * Conversations begun for a program, a schedule or an agent: nobody wrote a message in the channel from which a thread could open.
 *
 *     opening ──▶ begun, in a thread of its own
 *        └──▶ failed, told in the project channel
 */
import { snowflakeAt } from '../../../base/ids.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import { beginConversationEffect, type BeginConversation, type ConversationBegun } from '../begin.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../feature.ts'
import { promptIdOf } from '../prompt.ts'
import { replyTo } from '../reply.ts'
import type { Answered, Beginning } from '../request.ts'
import type { Conversation } from '../state.ts'
import { projectFolderOf } from './place/worktree.ts'

/** How far this machine's clock may be ahead of Discord's: a thread that an earlier attempt has opened must still count as newer. */
const CLOCK_SKEW_MS = 3_600_000

export interface Launch {
  /** Of the prompt it becomes. */
  readonly id: string
  readonly message: IncomingMessage
  readonly begins: Beginning
  /** Of a slash command: answered with the thread. */
  readonly asker?: Answered
  readonly phase:
    | { readonly kind: 'accepted' | 'opening' }
    | { readonly kind: 'begun'; readonly threadId: string }
    /** The line people read. */
    | { readonly kind: 'failed'; readonly text: string }
}

type LaunchSlice = readonly Launch[]

const isOpen = ({ phase }: Launch): boolean => phase.kind === 'accepted' || phase.kind === 'opening'

export const launch = defineFeature<LaunchSlice>({
  name: 'launch',
  version: 1,
  initial: [],
  on: {
    'launch-asked'(launches, { message, begins, asker }) {
      const id = promptIdOf(message.id)
      if (launches.some((known) => known.id === id)) return keep(launches)
      return keep([...launches, { id, message, begins, ...(asker && { asker }), phase: { kind: 'accepted' } }])
    },
  },
  due: begin,
  outcomes: { 'begin-conversation': onOutcome(onBegun) },
  isBusy: (launches) => launches.some(isOpen),
  closeTurn: (launches) => (launches.every(isOpen) ? launches : launches.filter(isOpen)),
})

function begin(launches: LaunchSlice, state: Conversation): FeatureChange<LaunchSlice> {
  const due = launches.filter(({ phase }) => phase.kind === 'accepted')
  if (due.length === 0) return keep(launches)
  return {
    slice: launches.map((known) => (due.includes(known) ? { ...known, phase: { kind: 'opening' } } : known)),
    effects: due.map(({ id, message, begins }) => {
      const afterId = snowflakeAt(Date.parse(message.sentAt) - CLOCK_SKEW_MS)
      // What is begun from a thread in a worktree works in the project, unless it goes on with a session.
      const place = begins.session ? state : { ...state, directory: projectFolderOf(state) }
      return beginConversationEffect(place, { owner: 'launch', id, requestKey: `begun:${id}`, afterId, message, begins })
    }),
  }
}

function onBegun(launches: LaunchSlice, { id }: BeginConversation, outcome: ConversationBegun): FeatureChange<LaunchSlice> {
  const phase = phaseAfter(outcome)
  const asker = launches.find((known) => known.id === id)?.asker
  const slice = launches.map((known) => (known.id === id ? { ...known, phase } : known))
  return asker ? { slice, effects: [replyTo(asker, { text: answerText(phase), buttons: [] })] } : keep(slice)
}

const answerText = (phase: ReturnType<typeof phaseAfter>): string =>
  phase.kind === 'begun' ? `⬦ begun: <#${phase.threadId}>` : phase.text

function phaseAfter(outcome: ConversationBegun): Extract<Launch['phase'], { kind: 'begun' | 'failed' }> {
  if (outcome.kind === 'begun') return outcome
  return { kind: 'failed', text: outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}` }
}

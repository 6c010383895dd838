/** Edits and deletions that came when the agent had read the message already: the thread says that they came too late. */
import { defineFeature, keep } from '../../feature.ts'
import { isNotSubmitted, isRecalled, promptIdOf, type Recall } from '../../prompt.ts'
import { wordsOf } from '../../run/edit.ts'
import type { Conversation } from '../../state.ts'
import { btw } from '../btw.ts'

export interface LateEdit {
  readonly promptId: string
  readonly what: 'edited' | 'deleted'
}

export const lateEdits = defineFeature<readonly LateEdit[]>({
  name: 'late-edits',
  version: 1,
  initial: [],
  on: {
    'message-edited'(late, { message }, state) {
      const words = wordsWithAgent(state, promptIdOf(message.id), 'edited')
      return keep(words === undefined || words === wordsOf(message) ? late : add(late, promptIdOf(message.id), 'edited'))
    },
    'message-deleted'(late, { messageId }, state) {
      const id = promptIdOf(messageId)
      return keep(wordsWithAgent(state, id, 'deleted') === undefined ? late : add(late, id, 'deleted'))
    },
    'came-too-late': (late, { promptId, what }) => keep(add(late, promptId, what)),
  },
  closeTurn: (late) => (late.length === 0 ? late : []),
})

/** The words of a message that the agent has read; undefined: none, or that is not known yet. A question aside is on its way at once. */
function wordsWithAgent(state: Conversation, id: string, what: LateEdit['what']): string | undefined {
  const prompt = state.turn.prompts.find((known) => known.id === id)
  if (prompt && isRecalled(prompt)) return wordsWanted(prompt.recall)
  if (prompt) return isNotSubmitted(prompt) || isWithdrawn(prompt) ? undefined : prompt.message.text
  return btw.of(state).find((question) => question.id === id && !question.late?.includes(what))?.message.text
}

/** Of a message that is being changed: an edit that the session cannot follow came too late, whatever becomes of the one before. */
const wordsWanted = (recall: Recall | undefined): string | undefined =>
  recall && 'message' in recall ? recall.message?.text : undefined

/** It has just followed its deletion. */
const isWithdrawn = ({ phase }: { readonly phase: { readonly kind: string } }): boolean =>
  phase.kind === 'ended' && (phase as { readonly end?: { readonly kind: string } }).end?.kind === 'withdrawn'

const add = (late: readonly LateEdit[], promptId: string, what: LateEdit['what']): readonly LateEdit[] =>
  late.some((known) => known.promptId === promptId && known.what === what) ? late : [...late, { promptId, what }]

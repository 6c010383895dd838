/** A question aside as people see it: in the thread it was asked in, and in its own. */
import type { Conversation } from '../domain/conversation/state.ts'
import type { Block } from './blocks.ts'
import { askedAsideText, asideText } from './notice.ts'

/** In the thread it was asked in. Live: it does not wait for a text that is still being written. */
export const asideBlocks = ({ asides }: Conversation): readonly Block[] =>
  asides.flatMap(({ id, phase }) =>
    phase.kind === 'asked'
      ? [{ key: `aside/${id}`, text: askedAsideText(phase.threadId), closed: true, notify: false, live: true }]
      : [],
  )

export const failedAsideBlocks = ({ asides }: Conversation): readonly Block[] =>
  asides.flatMap(({ id, phase }) =>
    phase.kind === 'failed' ? [{ key: `aside/${id}/end`, text: phase.text, closed: true, notify: true }] : [],
  )

/** The first words of its own thread. */
export const originBlocks = ({ prompts }: Conversation): readonly Block[] =>
  prompts.flatMap(({ id, message, aside }) =>
    aside
      ? [{ key: `origin/${id}`, text: asideText(aside.from, message.authorName, message.text), closed: true, notify: false }]
      : [],
  )

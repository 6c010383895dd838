/** What people are told beside the runs of this conversation: reminders of tasks, and what became of their runs. */
import { defineFeature, keep } from '../../feature.ts'

export interface Notice {
  readonly id: string
  readonly text: string
  /** The user who is mentioned. */
  readonly pings?: string
}

export const notices = defineFeature<readonly Notice[]>({
  name: 'notices',
  version: 1,
  initial: [],
  on: {
    notice: (known, { id, text, pings }) =>
      keep(known.some((one) => one.id === id) ? known : [...known, { id, text, ...(pings !== undefined && { pings }) }]),
  },
  closeTurn: (known) => (known.length === 0 ? known : []),
})

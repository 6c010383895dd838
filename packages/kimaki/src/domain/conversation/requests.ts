/** What a feature may ask of the run. */
import type { IncomingMessage } from '../message/incoming.ts'

export type FeatureRequest =
  /** `waited`: it stood in the queue before. */
  | {
      readonly kind: 'add-prompt'
      readonly id: string
      readonly order: number
      readonly message: IncomingMessage
      readonly acceptedAt: number
      readonly waited: boolean
    }
  /** A person ends the run; what the agent has not read yet runs next, or is dropped. */
  | { readonly kind: 'stop-run'; readonly by: string; readonly unread: 'keep' | 'drop' }

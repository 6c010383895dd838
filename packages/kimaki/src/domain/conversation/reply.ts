/** The answer to a slash command: an effect, because the answer is the one sign a person gets. */
import type { Effect } from './effect.ts'
import type { CommandInvocation } from './request.ts'

export interface Reply extends Effect {
  readonly kind: 'reply'
  readonly applicationId: string
  readonly token: string
  /** 1 to 2000 UTF-16 units. */
  readonly text: string
}

export const replyTo = ({ id, applicationId, token }: CommandInvocation, text: string): Reply => ({
  key: `reply/${id}`,
  kind: 'reply',
  // Nothing follows from the outcome.
  owner: 'nobody',
  applicationId,
  token,
  text,
})

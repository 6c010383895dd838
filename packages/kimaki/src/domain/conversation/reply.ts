/** The answer to a slash command, or to a press that renews one: an effect, because the answer is the one sign a person gets. */
import type { Effect } from './effect.ts'
import type { Button, MessageContent } from './posts/post.ts'

export interface Reply extends Effect {
  readonly kind: 'reply'
  readonly applicationId: string
  readonly token: string
  /** 1 to 2000 UTF-16 units. */
  readonly text: string
  readonly buttons?: readonly Button[]
}

interface Answered {
  readonly id: string
  readonly applicationId: string
  readonly token: string
}

export const replyTo = ({ id, applicationId, token }: Answered, { text, buttons }: MessageContent): Reply => ({
  key: `reply/${id}`,
  kind: 'reply',
  // Nothing follows from the outcome.
  owner: 'nobody',
  applicationId,
  token,
  text,
  ...(buttons.length > 0 && { buttons }),
})

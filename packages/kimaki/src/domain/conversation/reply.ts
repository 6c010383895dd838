/**
 * What a person alone is told. The answer to a slash command is an effect, because the answer is the one sign a person gets; why a press
 * did nothing is an action: the message that was pressed shows it too.
 */
import type { Action, Effect } from './effect.ts'
import type { AttachedFile, Button, MessageContent, Select } from './posts/post.ts'
import type { Answered, ButtonPress, FollowUp } from './request.ts'

export interface Reply extends Effect {
  readonly kind: 'reply'
  readonly applicationId: string
  readonly token: string
  /** 1 to 2000 UTF-16 units. Undefined: the message that was pressed keeps its words and buttons. */
  readonly text?: string
  readonly buttons?: readonly Button[]
  readonly select?: Select
  /** They take the place of those that the message has. */
  readonly attached?: readonly AttachedFile[]
  /** Only the person who pressed reads it, beside the message that was pressed. */
  readonly isAside?: true
  /** Why the command was not carried out: nobody but the person reads it, whoever would have seen the answer. */
  readonly isError?: true
}

interface ReplyKind {
  readonly isError?: boolean | undefined
  readonly isAside?: boolean | undefined
  readonly attached?: readonly AttachedFile[] | undefined
}

/** `part`: another answer follows, and may come before this one has reached Discord. */
export const replyTo = (
  { id, applicationId, token, part }: Answered & { readonly part?: number },
  content: MessageContent | undefined,
  { isError, isAside, attached }: ReplyKind = {},
): Reply => ({
  key: part === undefined ? `reply/${id}` : `reply/${id}/${part}`,
  kind: 'reply',
  // Nothing follows from the outcome.
  owner: 'nobody',
  applicationId,
  token,
  ...(content && { text: content.text }),
  ...(content && content.buttons.length > 0 && { buttons: content.buttons }),
  ...(content?.select && { select: content.select }),
  ...(attached && { attached }),
  ...(isError === true && { isError }),
  ...(isAside === true && { isAside }),
})

/** What the button belonged to is over. */
export interface PressOver {
  readonly kind: 'over'
}

export interface TellPresser<Why extends { readonly kind: string }> extends Action {
  readonly kind: 'tell-presser'
  readonly press: Pick<ButtonPress, 'id'> & FollowUp
  readonly why: Why
}

/** A press that an earlier version put on record cannot be answered any more. */
export const tellPresser = <Why extends { readonly kind: string }>(
  { id, followUp }: ButtonPress,
  why: Why,
): readonly TellPresser<Why>[] => (followUp ? [{ kind: 'tell-presser', press: { id, ...followUp }, why }] : [])

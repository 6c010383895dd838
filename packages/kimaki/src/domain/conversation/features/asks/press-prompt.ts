/** A prompt that nobody wrote: what a press on a button says to the agent, in the name of whoever pressed. */
import type { FeatureRequest } from '../../feature.ts'
import { promptIdOf } from '../../prompt.ts'
import type { TakenPress } from '../../request.ts'
import type { Conversation } from '../../state.ts'

interface Said {
  /** Stands for that of a message. */
  readonly id: string
  readonly text: string
  readonly titleText?: string
  /** It is shown when it is submitted, like a message from the queue. */
  readonly isShown: boolean
}

export function promptOfPress(
  { guildId, channelId, userId, userName, order, at }: TakenPress,
  { id, text, titleText = text, isShown: waited }: Said,
  { channelId: projectChannelId }: Conversation,
): FeatureRequest {
  const message = {
    id,
    guildId,
    channelId,
    projectChannelId,
    inThread: true,
    author: { kind: 'person', id: userId, name: userName },
    text,
    titleText,
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: new Date(at).toISOString(),
  } as const
  return { kind: 'add-prompt', id: promptIdOf(id), order, message, acceptedAt: at, waited }
}

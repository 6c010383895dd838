/** The first words in a project that was just made, as a message of the person who made it: they open the first thread. */
import { timeOfSnowflake } from '../../base/ids.ts'
import type { IncomingMessage } from '../../domain/message/incoming.ts'
import type { ProjectSetup } from '../../ports/projects.ts'
import type { Acceptance } from '../../ports/store.ts'

/** One acceptance for an interaction, however often it is asked for. */
export function firstWords({ project, by, words, threadName }: Parameters<ProjectSetup['begin']>[0], at: number): Acceptance {
  const { guildId, channelId, directory } = project
  const message: IncomingMessage = {
    id: by.interaction,
    guildId,
    channelId,
    projectChannelId: channelId,
    inThread: false,
    author: { kind: 'person', id: by.userId, name: by.userName },
    text: words,
    titleText: words,
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: new Date(timeOfSnowflake(by.interaction)).toISOString(),
  }
  const key = `first:${by.interaction}`
  const begins = { name: threadName, isChosen: true } as const
  const conversation = { id: `begin:${by.interaction}`, guildId, channelId, directory, inThread: false }
  return { key, request: { kind: 'begin', message, begins }, conversation, at }
}

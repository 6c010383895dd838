/** What whoever has started the bot has to do before it is of use: invite it, or make a folder a project. */
import { lineForTerminal } from '../../base/text.ts'
import { INVITED, inviteAddress } from '../../domain/rights.ts'
import type { ChatPort, ChatReady } from '../../ports/chat.ts'

/** A server may have hundreds. */
const MOST_CHANNELS = 20

/** `linked`: how many projects there are. Nothing, once there is one in a server. */
export async function nextSteps(
  { channels }: Pick<ChatPort, 'channels'>,
  { applicationId, guildIds }: Pick<ChatReady, 'applicationId' | 'guildIds'>,
  linked: number,
): Promise<readonly string[]> {
  if (guildIds.length === 0)
    return [`The bot is in no server yet. Invite it (it asks for: ${INVITED.join(', ')}):`, `  ${inviteAddress(applicationId)}`]
  if (linked > 0) return []
  const lines: string[] = []
  for (const guildId of guildIds) {
    const listed = await channels.list(guildId)
    if (listed instanceof Error) continue
    for (const { id, name, kind } of listed)
      if (kind === 'text') lines.push(`  #${lineForTerminal(name)}: kimaki project link <folder> --channel ${id}`)
  }
  const more = lines.length - MOST_CHANNELS
  return [
    'No folder is a project yet. This makes a channel for one: kimaki project add <folder>',
    ...(lines.length > 0 ? ['Or take a channel that is there:'] : []),
    ...lines.slice(0, MOST_CHANNELS),
    ...(more > 0 ? [`  and ${more} more channels`] : []),
  ]
}

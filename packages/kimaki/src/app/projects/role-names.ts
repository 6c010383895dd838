/** Tells the log of roles that look like those that open or close Kimaki, and do neither. */
import { lookalikeOf } from '../../domain/access.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { lookalikeText } from '../../view/text/project-channel.ts'

/** `userId`: a member of these servers, say the bot. A server that cannot be asked is passed over: it is asked again at the next start. */
export async function warnOfRoleNames(
  chat: Pick<ChatPort, 'accessOf'>,
  log: Log,
  guildIds: ReadonlySet<string>,
  userId: string,
): Promise<void> {
  for (const guildId of guildIds) {
    const facts = await chat.accessOf(guildId, userId)
    if (facts instanceof Error) continue
    for (const role of facts.roles) {
      const meant = lookalikeOf(role)
      if (meant !== undefined) log.warn(lookalikeText(role.name, meant), { server: guildId, role: role.id })
    }
  }
}

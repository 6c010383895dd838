/** Bot applications and their tokens (docs: Application Object; OAuth2 > Bot Users). */
import type { Bot, BotOptions } from '../../api.ts'
import type { Realm } from '../realm/realm.ts'
import type { BotRecord } from '../realm/records.ts'

/** The application has the id of its bot user, as with every application made since 2016; it belongs to a developer of its own. */
export function createBot(realm: Realm, options: BotOptions): Bot {
  const id = realm.newId()
  const ownerId = realm.newId()
  const {
    name,
    token = newToken(realm, id),
    messageContentIntent = true,
    guildMembersIntent = false,
    presencesIntent = false,
    redirectUris = [],
  } = options
  const clientSecret = realm.settings.secret(24).toString('base64url')
  const username = `${name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, '_')}_developer`
  const privileged = { messageContent: messageContentIntent, guildMembers: guildMembersIntent, presences: presencesIntent }
  realm.users.set(ownerId, { id: ownerId, name: `${name}'s developer`, username, discriminator: '0', bot: false })
  realm.users.set(id, { id, name, username: name, discriminator: String(1000 + (Number(id.slice(-6)) % 9000)), bot: true })
  realm.bots.set(id, { id, applicationId: id, name, token, ownerId, clientSecret, redirectUris, privileged })
  return { id, applicationId: id, token, clientSecret, name }
}

export function botOfToken(realm: Realm, token: string): BotRecord | undefined {
  return [...realm.bots.values()].find((bot) => bot.token === token)
}

/** Shaped like a real one: the id, a moment, a secret. */
function newToken({ settings }: Realm, id: string): string {
  return [
    Buffer.from(id).toString('base64url'),
    settings.secret(4).toString('base64url'),
    settings.secret(28).toString('base64url'),
  ].join('.')
}

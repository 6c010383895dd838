/**
 * Every route of Discord's REST API, and what the gateway does with it. A route that is not here is refused, and a test holds the table to
 * Discord's own description, so that a new route is decided about before it can be used.
 *
 * How a route is allowed says where its authority comes from:
 *
 *   guild        `{guild_id}` is a guild of the client
 *   channel      `{channel_id}` is a channel or thread in one
 *   commands     as `guild`, and `{application_id}` is the gateway's application
 *   interaction  `{interaction_token}` or `{webhook_token}` came with an interaction in one
 *   own          the gateway answers it itself
 *
 * Ids in query and body are checked for all of them (`ids.ts`).
 */
export type Allowed = 'guild' | 'channel' | 'commands' | 'interaction' | 'own'

/** `METHOD METHOD /path` */
type Routes = readonly string[]

const ALLOWED: Readonly<Record<Allowed, Routes>> = {
  own: [
    'GET /gateway',
    'GET /gateway/bot',
    'GET /users/@me',
    'GET /users/@me/guilds',
    'GET /applications/@me',
    'GET /oauth2/applications/@me',
  ],
  guild: [
    'GET /guilds/{guild_id}',
    'GET POST PATCH /guilds/{guild_id}/channels',
    'GET /guilds/{guild_id}/emojis',
    'GET /guilds/{guild_id}/emojis/{emoji_id}',
    'GET /guilds/{guild_id}/members',
    'PATCH /guilds/{guild_id}/members/@me',
    'GET /guilds/{guild_id}/members/search',
    'GET /guilds/{guild_id}/members/{user_id}',
    'GET /guilds/{guild_id}/messages/search',
    'GET POST /guilds/{guild_id}/roles',
    'GET /guilds/{guild_id}/roles/member-counts',
    'GET /guilds/{guild_id}/roles/{role_id}',
    'GET /guilds/{guild_id}/stickers',
    'GET /guilds/{guild_id}/stickers/{sticker_id}',
    'GET /guilds/{guild_id}/threads/active',
    'GET /guilds/{guild_id}/voice-states/@me',
    'GET /guilds/{guild_id}/voice-states/{user_id}',
    'GET /users/@me/guilds/{guild_id}/member',
  ],
  channel: [
    'GET DELETE PATCH /channels/{channel_id}',
    'GET POST /channels/{channel_id}/messages',
    'POST /channels/{channel_id}/messages/bulk-delete',
    'GET /channels/{channel_id}/messages/pins',
    'PUT DELETE /channels/{channel_id}/messages/pins/{message_id}',
    'GET DELETE PATCH /channels/{channel_id}/messages/{message_id}',
    'DELETE /channels/{channel_id}/messages/{message_id}/reactions',
    'GET DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}',
    'PUT DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me',
    'DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}',
    'POST /channels/{channel_id}/messages/{message_id}/threads',
    'PUT DELETE /channels/{channel_id}/permissions/{overwrite_id}',
    'GET /channels/{channel_id}/pins',
    'PUT DELETE /channels/{channel_id}/pins/{message_id}',
    'GET /channels/{channel_id}/polls/{message_id}/answers/{answer_id}',
    'POST /channels/{channel_id}/polls/{message_id}/expire',
    'GET /channels/{channel_id}/thread-members',
    'PUT DELETE /channels/{channel_id}/thread-members/@me',
    'GET PUT DELETE /channels/{channel_id}/thread-members/{user_id}',
    'POST /channels/{channel_id}/threads',
    'GET /channels/{channel_id}/threads/archived/private',
    'GET /channels/{channel_id}/threads/archived/public',
    'GET /channels/{channel_id}/threads/search',
    'POST /channels/{channel_id}/typing',
    'GET /channels/{channel_id}/users/@me/threads/archived/private',
    'PUT /channels/{channel_id}/voice-status',
  ],
  commands: [
    'GET PUT POST /applications/{application_id}/guilds/{guild_id}/commands',
    'GET /applications/{application_id}/guilds/{guild_id}/commands/permissions',
    'GET DELETE PATCH /applications/{application_id}/guilds/{guild_id}/commands/{command_id}',
    'GET /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions',
  ],
  interaction: [
    'POST /interactions/{interaction_id}/{interaction_token}/callback',
    'POST /webhooks/{webhook_id}/{webhook_token}',
    'GET DELETE PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original',
    'GET DELETE PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
  ],
}

/** By reason, in words that go on after "refused, because". */
const REFUSED: Readonly<Record<string, Routes>> = {
  'the application belongs to everybody': [
    'PATCH /applications/@me',
    'GET PATCH /applications/{application_id}',
    'GET /applications/{application_id}/activity-instances/{instance_id}',
    'POST /applications/{application_id}/attachment',
    'GET PUT POST /applications/{application_id}/commands',
    'GET DELETE PATCH /applications/{application_id}/commands/{command_id}',
    'GET POST /applications/{application_id}/emojis',
    'GET DELETE PATCH /applications/{application_id}/emojis/{emoji_id}',
    'GET POST /applications/{application_id}/entitlements',
    'GET DELETE /applications/{application_id}/entitlements/{entitlement_id}',
    'POST /applications/{application_id}/entitlements/{entitlement_id}/consume',
    'GET PUT /applications/{application_id}/role-connections/metadata',
    'GET /skus/{sku_id}/subscriptions',
    'GET /skus/{sku_id}/subscriptions/{subscription_id}',
  ],
  'the bot user belongs to everybody': [
    'PATCH /users/@me',
    'POST /users/@me/channels',
    'DELETE /users/@me/guilds/{guild_id}',
    'GET /users/@me/connections',
    'GET /users/@me/applications/{application_id}/entitlements',
    'GET PUT DELETE /users/@me/applications/{application_id}/role-connection',
  ],
  'it is about people beyond the servers of the client': [
    'GET /users/{user_id}',
    'PUT DELETE /channels/{channel_id}/recipients/{user_id}',
    'GET /oauth2/@me',
    'GET /oauth2/keys',
    'GET /oauth2/userinfo',
  ],
  'an invite outlives the client': [
    'GET POST /channels/{channel_id}/invites',
    'GET /guilds/{guild_id}/invites',
    'GET DELETE /invites/{code}',
    'GET PUT /invites/{code}/target-users',
    'GET /invites/{code}/target-users/job-status',
    'POST /invites/{code}/target-users/bulk-add',
    'POST /invites/{code}/target-users/bulk-delete',
    'PUT DELETE /invites/{code}/target-users/{user_id}',
    'GET /guilds/{guild_id}/vanity-url',
  ],
  'a webhook is an authority of its own, which outlives the client': [
    'GET POST /channels/{channel_id}/webhooks',
    'POST /channels/{channel_id}/followers',
    'GET /guilds/{guild_id}/webhooks',
    'GET DELETE PATCH /webhooks/{webhook_id}',
    'GET DELETE PATCH /webhooks/{webhook_id}/{webhook_token}',
    'POST /webhooks/{webhook_id}/{webhook_token}/github',
    'POST /webhooks/{webhook_id}/{webhook_token}/slack',
    'POST /channels/{channel_id}/messages/{message_id}/crosspost',
  ],
  'it administers a server, which is for its people': [
    'PATCH /guilds/{guild_id}',
    'GET /guilds/{guild_id}/audit-logs',
    'GET POST /guilds/{guild_id}/auto-moderation/rules',
    'GET DELETE PATCH /guilds/{guild_id}/auto-moderation/rules/{rule_id}',
    'GET /guilds/{guild_id}/bans',
    'GET PUT DELETE /guilds/{guild_id}/bans/{user_id}',
    'POST /guilds/{guild_id}/bulk-ban',
    'POST /guilds/{guild_id}/emojis',
    'DELETE PATCH /guilds/{guild_id}/emojis/{emoji_id}',
    'PUT /guilds/{guild_id}/incident-actions',
    'GET /guilds/{guild_id}/integrations',
    'DELETE /guilds/{guild_id}/integrations/{integration_id}',
    'PUT DELETE PATCH /guilds/{guild_id}/members/{user_id}',
    'PUT DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}',
    'GET /guilds/{guild_id}/new-member-welcome',
    'GET PUT /guilds/{guild_id}/onboarding',
    'GET /guilds/{guild_id}/preview',
    'GET POST /guilds/{guild_id}/prune',
    'GET /guilds/{guild_id}/requests',
    'PATCH /guilds/{guild_id}/requests/{request_id}',
    'PATCH /guilds/{guild_id}/roles',
    'DELETE PATCH /guilds/{guild_id}/roles/{role_id}',
    'POST /guilds/{guild_id}/stickers',
    'DELETE PATCH /guilds/{guild_id}/stickers/{sticker_id}',
    'GET POST /guilds/{guild_id}/templates',
    'PUT DELETE PATCH /guilds/{guild_id}/templates/{code}',
    'GET /guilds/templates/{code}',
    'PATCH /guilds/{guild_id}/voice-states/@me',
    'PATCH /guilds/{guild_id}/voice-states/{user_id}',
    'GET PATCH /guilds/{guild_id}/welcome-screen',
    'GET PATCH /guilds/{guild_id}/widget',
    'GET /guilds/{guild_id}/widget.json',
    'GET /guilds/{guild_id}/widget.png',
    'PUT /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions',
  ],
  'nothing of ours needs events, stages and sounds': [
    'GET POST /guilds/{guild_id}/scheduled-events',
    'GET DELETE PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}',
    'POST /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions',
    'DELETE PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions/{exception_id}',
    'GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users',
    'GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users/counts',
    'GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/{guild_scheduled_event_exception_id}/users',
    'GET POST /guilds/{guild_id}/soundboard-sounds',
    'GET DELETE PATCH /guilds/{guild_id}/soundboard-sounds/{sound_id}',
    'GET /soundboard-default-sounds',
    'POST /channels/{channel_id}/send-soundboard-sound',
    'POST /stage-instances',
    'GET DELETE PATCH /stage-instances/{channel_id}',
    'GET /sticker-packs',
    'GET /sticker-packs/{pack_id}',
    'GET /stickers/{sticker_id}',
    'GET /voice/regions',
    'GET /guilds/{guild_id}/regions',
  ],
  'lobbies and partners are not for bots': [
    'PUT POST /lobbies',
    'GET DELETE PATCH /lobbies/{lobby_id}',
    'PATCH /lobbies/{lobby_id}/channel-linking',
    'DELETE /lobbies/{lobby_id}/members/@me',
    'POST /lobbies/{lobby_id}/members/@me/invites',
    'POST /lobbies/{lobby_id}/members/bulk',
    'PUT DELETE /lobbies/{lobby_id}/members/{user_id}',
    'POST /lobbies/{lobby_id}/members/{user_id}/invites',
    'GET POST /lobbies/{lobby_id}/messages',
    'PUT /lobbies/{lobby_id}/messages/{message_id}/moderation-metadata',
    'PUT /partner-sdk/dms/{user_id_1}/{user_id_2}/messages/{message_id}/moderation-metadata',
    'POST /partner-sdk/provisional-accounts/unmerge',
    'POST /partner-sdk/provisional-accounts/unmerge/bot',
    'POST /partner-sdk/token',
    'POST /partner-sdk/token/bot',
  ],
}

export type Rule = { readonly allowed: Allowed } | { readonly refused: string }

/** By `METHOD /path`. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...Object.entries(ALLOWED).flatMap(([how, routes]) =>
    routes.flatMap(single).map((route) => [route, { allowed: how as Allowed }] as const),
  ),
  ...Object.entries(REFUSED).flatMap(([refused, routes]) => routes.flatMap(single).map((route) => [route, { refused }] as const)),
])

function single(route: string): readonly string[] {
  const [path = '', ...methods] = route.split(' ').reverse()
  return methods.map((method) => `${method} ${path}`)
}

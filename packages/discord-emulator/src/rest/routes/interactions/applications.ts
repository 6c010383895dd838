/** `/applications/@me` (docs: Application > Get Current Application; OAuth2 > Get Current Bot Application Information). */
import { applicationFlags } from '../../../world/show/application-flags.ts'
import { showUser } from '../../../world/show/show-user.ts'
import { ok, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const applicationRoutes: readonly Route[] = [
  { method: 'GET', template: '/applications/@me', handle: get },
  { method: 'GET', template: '/oauth2/applications/@me', handle: get },
]

function get({ realm, bot }: RestRequest): RestAnswer {
  const flags = applicationFlags(bot.privileged)
  return ok({
    id: bot.applicationId,
    name: bot.name,
    icon: null,
    description: '',
    type: null,
    bot: showUser(realm, bot.id),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: showUser(realm, bot.ownerId),
    approximate_guild_count: [...realm.guilds.values()].filter(({ members }) => members.has(bot.id)).length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  })
}

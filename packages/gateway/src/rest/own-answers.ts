/** What the gateway answers itself: what is about the bot as a whole, as far as it is the client's. */
import { NoAnswer, StoreAway } from '../base/errors.ts'
import { fieldsOf, type Fields } from '../base/shape.ts'
import type { Store } from '../ports/store.ts'
import type { UpstreamRest } from '../upstream/rest.ts'

export interface OwnAnswers {
  answer(route: string, clientId: string): Promise<unknown>
  /** The bot's user, as READY shows it. */
  user(): Promise<Fields | NoAnswer>
}

/** Fields that say who owns the bot, or how many others use it, are left out. */
const APPLICATION = [
  'id',
  'name',
  'icon',
  'description',
  'bot',
  'bot_public',
  'bot_require_code_grant',
  'verify_key',
  'flags',
  'flags_new',
]
const USER = [
  'id',
  'username',
  'discriminator',
  'global_name',
  'avatar',
  'bot',
  'public_flags',
  'flags',
  'banner',
  'accent_color',
]
const GUILD = ['id', 'name', 'icon', 'banner', 'features']

export function createOwnAnswers(store: Store, upstream: UpstreamRest, socketUrl: string): OwnAnswers {
  const known = new Map<string, Fields>()
  /** Neither changes as long as the gateway runs. */
  const once = async (path: string, names: readonly string[]): Promise<Fields | NoAnswer> => {
    const before = known.get(path)
    if (before !== undefined) return before
    const answer = await upstream.get(path)
    if (answer instanceof NoAnswer) return answer
    const shown = pick(fieldsOf(answer), names)
    known.set(path, shown)
    return shown
  }
  const guilds = (clientId: string) => {
    const ids = store.clients.guildsOf(clientId)
    if (ids instanceof StoreAway) return ids
    const shown = ids.map((id) => store.guilds.guild(id)).filter((guild) => guild !== undefined)
    const away = shown.find((guild) => guild instanceof StoreAway)
    return away ?? shown.map((guild) => ({ ...pick(fieldsOf(guild), GUILD), owner: false, permissions: '0' }))
  }
  const startLimit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 }
  return {
    user: () => once('/users/@me', USER),
    async answer(route, clientId) {
      switch (route) {
        case 'GET /gateway':
          return { url: socketUrl }
        case 'GET /gateway/bot':
          return { url: socketUrl, shards: 1, session_start_limit: startLimit }
        case 'GET /users/@me':
          return once('/users/@me', USER)
        case 'GET /users/@me/guilds':
          return guilds(clientId)
        case 'GET /applications/@me':
        case 'GET /oauth2/applications/@me':
          return once('/applications/@me', APPLICATION)
        default:
          return new NoAnswer({ reason: route })
      }
    },
  }
}

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))

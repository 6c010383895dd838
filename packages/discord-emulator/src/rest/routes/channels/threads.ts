/** Starting and listing threads (docs: Channel > Start Thread, List Public Archived Threads; Guild > List Active Guild Threads). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { AUTO_ARCHIVE_MINUTES, LIMITS } from '../../../rules/limits.ts'
import { CHANNEL } from '../../../rules/types.ts'
import { demand, joinedGuild, visibleChannel } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import type { ThreadRecord } from '../../../world/realm/records.ts'
import { showChannel, showThreadMember } from '../../../world/show/show-channel.ts'
import { activeThreads } from '../../../world/show/show-guild.ts'
import { compareSnowflakes, microseconds } from '../../../world/base/snowflake.ts'
import { startThreadFromMessage, startThreadWithoutMessage, type ThreadOptions } from '../../../world/channels/start-thread.ts'
import { threadsOf } from '../../../world/threads/thread-state.ts'
import { readForm } from '../../body/form.ts'
import { addressOf } from '../messages/messages.ts'
import {
  actorOf,
  created,
  ok,
  param,
  queryInteger,
  queryRefusal,
  querySnowflake,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../route.ts'

export const threadRoutes: readonly Route[] = [
  { method: 'POST', template: '/channels/:channel/messages/:message/threads', handle: startFromMessage },
  { method: 'POST', template: '/channels/:channel/threads', handle: startWithoutMessage },
  { method: 'GET', template: '/guilds/:guild/threads/active', handle: listActive },
  { method: 'GET', template: '/channels/:channel/users/@me/threads/archived/private', handle: listJoinedArchived },
  { method: 'GET', template: '/channels/:channel/threads/archived/public', handle: (request) => listArchived(request, false) },
  { method: 'GET', template: '/channels/:channel/threads/archived/private', handle: (request) => listArchived(request, true) },
]

function startFromMessage(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const thread = startThreadFromMessage(realm, actorOf(request), { ...readOptions(request), ...addressOf(request) })
  return created(showChannel(thread, bot.id))
}

/** A thread of its own in a text channel; posts of forum channels are not emulated (50024). */
function startWithoutMessage(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const channelId = param(request, 'channel')
  const thread = startThreadWithoutMessage(realm, actorOf(request), { ...readOptions(request), channelId })
  return created(showChannel(thread, bot.id))
}

function readOptions({ body }: RestRequest): ThreadOptions {
  const form = readForm(body)
  const name = form.text('name', { min: 1, max: LIMITS.threadName, required: true }) ?? ''
  const read = {
    type: form.integer('type', { of: [CHANNEL.announcementThread, CHANNEL.publicThread, CHANNEL.privateThread] }),
    autoArchiveMinutes: form.integer('auto_archive_duration', { of: AUTO_ARCHIVE_MINUTES }),
    slowmode: form.integer('rate_limit_per_user', { min: 0, max: LIMITS.slowmode }),
    invitable: form.boolean('invitable'),
  }
  form.check()
  const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
  return { name, ...given }
}

/** Every active thread the bot may see, newest first. */
function listActive(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = joinedGuild(realm, bot.id, param(request, 'guild'))
  return ok(listed(request, { threads: [...activeThreads(realm, guild, bot.id)].reverse(), more: false }))
}

/** Last archived first; `before` is a time-stamp. Private threads need MANAGE_THREADS. */
function listArchived(request: RestRequest, secret: boolean): RestAnswer {
  const { realm, bot, query } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  if (channel.kind === 'thread') throw refusal('wrongChannelType')
  demand(realm, bot.id, channel, secret ? P.ReadMessageHistory | P.ManageThreads : P.ReadMessageHistory)
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.threadPage, fallback: 50 })
  const before = query.get('before')
  const until = before === null ? Number.POSITIVE_INFINITY : microseconds(before)
  if (Number.isNaN(until)) throw queryRefusal('before', `Value "${before}" is not an ISO8601 timestamp.`)
  const archived = threadsOf(realm, channel.id)
    .filter((thread) => thread.archived && (thread.type === CHANNEL.privateThread) === secret)
    .filter(({ archiveStamp }) => microseconds(archiveStamp) < until)
    .sort((a, b) => microseconds(b.archiveStamp) - microseconds(a.archiveStamp))
  return ok(listed(request, { threads: archived.slice(0, limit), more: archived.length > limit }))
}

/** Private ones the bot is a member of, newest id first; `before` is an id. */
function listJoinedArchived(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  if (channel.kind === 'thread') throw refusal('wrongChannelType')
  demand(realm, bot.id, channel, P.ReadMessageHistory)
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.threadPage, fallback: 50 })
  const before = querySnowflake(request, 'before')
  const joined = threadsOf(realm, channel.id)
    .filter(({ archived, type, members }) => archived && type === CHANNEL.privateThread && members.has(bot.id))
    .filter(({ id }) => before === undefined || compareSnowflakes(id, before) < 0)
    .sort((a, b) => compareSnowflakes(b.id, a.id))
  return ok(listed(request, { threads: joined.slice(0, limit), more: joined.length > limit }))
}

function listed({ bot }: RestRequest, { threads, more }: { readonly threads: readonly ThreadRecord[]; readonly more: boolean }) {
  return {
    threads: threads.map((thread) => showChannel(thread)),
    members: threads.filter(({ members }) => members.has(bot.id)).map((thread) => showThreadMember(thread, bot.id)),
    has_more: more,
  }
}

/** `/channels/:channel/thread-members` (docs: Channel > Join Thread and the routes after it). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { LIMITS } from '../../../rules/limits.ts'
import { CHANNEL, MESSAGE } from '../../../rules/types.ts'
import { demand, may, visibleChannel } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { recordCreated } from '../../../world/messages/record-message.ts'
import type { ThreadRecord } from '../../../world/realm/records.ts'
import { showThreadMember } from '../../../world/show/show-channel.ts'
import { compareSnowflakes } from '../../../world/base/snowflake.ts'
import { systemMessage } from '../../../world/messages/system-message.ts'
import { enterThread, leaveThread } from '../../../world/threads/thread-membership.ts'
import {
  actorOf,
  noContent,
  ok,
  param,
  queryInteger,
  querySnowflake,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../route.ts'

const all = '/channels/:channel/thread-members'

export const threadMemberRoutes: readonly Route[] = [
  { method: 'GET', template: all, handle: list },
  { method: 'PUT', template: `${all}/@me`, handle: (request) => add(request, request.bot.id) },
  { method: 'DELETE', template: `${all}/@me`, handle: (request) => remove(request, request.bot.id) },
  { method: 'GET', template: `${all}/:user`, handle: get },
  { method: 'PUT', template: `${all}/:user`, handle: (request) => add(request, param(request, 'user')) },
  { method: 'DELETE', template: `${all}/:user`, handle: (request) => remove(request, param(request, 'user')) },
]

/** "Restricted according to whether the GUILD_MEMBERS intent is enabled for your application." */
function list(request: RestRequest): RestAnswer {
  const thread = threadOf(request)
  if (!request.bot.privileged.guildMembers) throw refusal('missingAccess')
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.threadPage, fallback: LIMITS.threadPage })
  const after = querySnowflake(request, 'after') ?? '0'
  const ids = [...thread.members.keys()].filter((id) => compareSnowflakes(id, after) > 0).sort(compareSnowflakes)
  return ok(ids.slice(0, limit).map((id) => showThreadMember(thread, id)))
}

function get(request: RestRequest): RestAnswer {
  const thread = threadOf(request)
  const userId = param(request, 'user')
  if (!thread.members.has(userId)) throw refusal('unknownMember')
  return ok(showThreadMember(thread, userId))
}

/** Adding another leaves a notice (type 1) in the thread, as Discord does. */
function add(request: RestRequest, userId: string): RestAnswer {
  const { realm, bot } = request
  const thread = threadOf(request)
  if (thread.archived) throw refusal('archivedThread')
  if (userId !== bot.id) {
    demand(realm, bot.id, thread, P.SendMessagesInThreads)
    if (isClosed(thread) && thread.ownerId !== bot.id) demand(realm, bot.id, thread, P.ManageThreads)
    if (!realm.users.has(userId)) throw refusal('unknownUser')
    if (realm.guilds.get(thread.guildId)?.members.has(userId) !== true) throw refusal('unknownMember')
  }
  if (thread.members.has(userId)) return noContent()
  if (thread.members.size >= LIMITS.threadMembers) throw refusal('tooManyThreadMembers')
  enterThread(realm, thread.id, [userId])
  if (userId !== bot.id) notify(request, thread, { userId, type: MESSAGE.recipientAdd })
  return noContent()
}

/** Others: MANAGE_THREADS, or the owner of a private thread. */
function remove(request: RestRequest, userId: string): RestAnswer {
  const { realm, bot } = request
  const thread = threadOf(request)
  if (thread.archived) throw refusal('archivedThread')
  const ownPrivate = thread.type === CHANNEL.privateThread && thread.ownerId === bot.id
  if (userId !== bot.id && !ownPrivate && !may(realm, bot.id, thread, P.ManageThreads)) throw refusal('missingPermissions')
  if (!thread.members.has(userId)) return noContent()
  leaveThread(realm, thread.id, userId)
  if (userId !== bot.id) notify(request, thread, { userId, type: MESSAGE.recipientRemove })
  return noContent()
}

/** docs: Channel > Thread Metadata, `invitable`: whether others than moderators bring people into a private thread. */
const isClosed = ({ type, invitable }: ThreadRecord) => type === CHANNEL.privateThread && !invitable

function notify(
  request: RestRequest,
  thread: ThreadRecord,
  { userId, type }: { readonly userId: string; readonly type: number },
): void {
  const notice = { channelId: thread.id, type, mentions: [userId] }
  recordCreated(request.realm, systemMessage(request.realm, actorOf(request), notice), 'system')
}

function threadOf(request: RestRequest): ThreadRecord {
  const thread = visibleChannel(request.realm, request.bot.id, param(request, 'channel'))
  if (thread.kind !== 'thread') throw refusal('wrongChannelType')
  return thread
}

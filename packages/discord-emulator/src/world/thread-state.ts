/** How threads change: archived, woken, entered and left (docs: Threads > Active & Archived Threads, Thread Membership). */
import type { Snowflake } from '../api.ts'
import { LIMITS } from '../rules/limits.ts'
import { canView } from './access.ts'
import { refusal } from './discord-error.ts'
import type { Realm } from './realm.ts'
import type { ThreadRecord } from './records.ts'
import { showChannel, showThreadMember } from './show-channel.ts'
import { showMember } from './show-user.ts'
import { snowflakeTime, timestamp } from './snowflake.ts'

function findThread(realm: Realm, threadId: Snowflake): ThreadRecord {
  const thread = realm.channels.get(threadId)
  if (thread?.kind !== 'thread') throw refusal('wrongChannelType')
  return thread
}

/** Threads of a channel, oldest first. */
export function threadsOf(realm: Realm, channelId: Snowflake): readonly ThreadRecord[] {
  return [...realm.channels.values()].filter((one) => one.kind === 'thread').filter(({ parentId }) => parentId === channelId)
}

/** Stores the changed thread and tells the gateway. The archive stamp moves with the archive state. */
export function updateThread(realm: Realm, thread: ThreadRecord, change: Partial<ThreadRecord>): ThreadRecord {
  const stamped = (['archived', 'autoArchiveMinutes'] as const).some(
    (key) => change[key] !== undefined && change[key] !== thread[key],
  )
  const changed = { ...thread, ...change, ...(stamped ? { archiveStamp: timestamp(realm.settings.now()) } : {}) }
  realm.channels.set(thread.id, changed)
  if (thread.archived && !changed.archived) archiveWhenQuiet(realm, thread.id)
  realm.dispatch({
    event: 'THREAD_UPDATE',
    guildId: thread.guildId,
    channelId: thread.id,
    subjectId: thread.id,
    payload: ({ userId }) => showChannel(changed, userId),
  })
  return changed
}

/**
 * A thread nobody writes in archives itself (docs: Threads > Auto-Archive Duration). One plan per thread: when its time comes and
 * there was activity meanwhile, it is made again from there.
 */
export function archiveWhenQuiet(realm: Realm, threadId: Snowflake): void {
  const thread = realm.channels.get(threadId)
  if (thread?.kind !== 'thread' || thread.archived) return
  const { now, clock } = realm.settings
  const due = lastActivity(thread) + thread.autoArchiveMinutes * 60_000
  clock.after(Math.max(0, due - now()), () => {
    const current = realm.channels.get(threadId)
    if (current?.kind !== 'thread' || current.archived) return
    const quiet = lastActivity(current) + current.autoArchiveMinutes * 60_000 <= now()
    if (quiet) updateThread(realm, current, { archived: true })
    else archiveWhenQuiet(realm, threadId)
  })
}

/** Sending a message and unarchiving are activity. */
function lastActivity({ lastMessageId, archiveStamp }: ThreadRecord): number {
  const written = lastMessageId === null ? 0 : snowflakeTime(lastMessageId)
  return Math.max(written, Date.parse(archiveStamp))
}

/** A message unarchives the thread it is sent to. */
export function wakeThread(realm: Realm, threadId: Snowflake): void {
  const thread = findThread(realm, threadId)
  if (thread.archived) updateThread(realm, thread, { archived: false })
}

/** Makes members of those who are not and who may see the thread's parent, as long as there is room. */
export function enterThread(realm: Realm, threadId: Snowflake, userIds: readonly Snowflake[]): void {
  const thread = findThread(realm, threadId)
  const parent = realm.channels.get(thread.parentId)
  const room = LIMITS.threadMembers - thread.members.size
  const fit = userIds.filter((id) => !thread.members.has(id) && parent !== undefined && canView(realm, id, parent))
  const added = fit.slice(0, Math.max(0, room))
  if (added.length === 0) return
  const joined = timestamp(realm.settings.now())
  const changed = { ...thread, members: new Map([...thread.members, ...added.map((id) => [id, joined] as const)]) }
  realm.channels.set(threadId, changed)
  for (const id of added.filter((one) => realm.bots.has(one))) showToBot(realm, changed, id)
  tellMembers(realm, changed, { added, removed: [] })
}

export function leaveThread(realm: Realm, threadId: Snowflake, userId: Snowflake): void {
  const thread = findThread(realm, threadId)
  if (!thread.members.has(userId)) return
  const changed = { ...thread, members: new Map([...thread.members].filter(([id]) => id !== userId)) }
  // Those who lose sight of a private thread by leaving are told before they leave.
  tellMembers(realm, thread, { added: [], removed: [userId], count: changed.members.size })
  realm.channels.set(threadId, changed)
}

/** A bot that is added to a thread is sent it (docs: Threads > Gaining Access to Private Threads, Public Threads). */
function showToBot(realm: Realm, thread: ThreadRecord, botId: Snowflake): void {
  const { id, guildId } = thread
  const payload = () => showChannel(thread, botId)
  realm.dispatch({ event: 'THREAD_CREATE', guildId, channelId: id, subjectId: id, to: botId, payload })
}

interface MemberChange {
  readonly added: readonly Snowflake[]
  readonly removed: readonly Snowflake[]
  readonly count?: number
}

/** Without GUILD_MEMBERS a bot hears only of itself. */
export function tellMembers(
  realm: Realm,
  thread: ThreadRecord,
  { added, removed, count = thread.members.size }: MemberChange,
): void {
  const guild = realm.guilds.get(thread.guildId)
  realm.dispatch({
    event: 'THREAD_MEMBERS_UPDATE',
    guildId: thread.guildId,
    channelId: thread.id,
    subjectId: thread.id,
    about: [...added, ...removed],
    payload({ userId, members }) {
      const seen = (id: Snowflake) => members || id === userId
      return {
        id: thread.id,
        guild_id: thread.guildId,
        member_count: Math.min(count, LIMITS.threadMemberCount),
        added_members: added.filter(seen).map((id) => {
          const member = guild?.members.get(id)
          return { ...showThreadMember(thread, id), ...(member && { member: showMember(realm, member) }), presence: null }
        }),
        removed_member_ids: removed.filter(seen),
      }
    },
  })
}

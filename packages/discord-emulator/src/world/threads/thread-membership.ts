/** Who is a member of a thread: entering, leaving, and who is told (docs: Threads > Thread Membership). */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { canView } from '../realm/access.ts'
import type { Realm } from '../realm/realm.ts'
import type { ThreadRecord } from '../realm/records.ts'
import { showChannel, showThreadMember } from '../show/show-channel.ts'
import { showMember } from '../show/show-user.ts'
import { timestamp } from '../base/snowflake.ts'
import { findThread } from './thread-state.ts'

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

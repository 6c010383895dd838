/** How threads change, archive and wake (docs: Threads > Active & Archived Threads). */
import type { Snowflake } from '../../api.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { ThreadRecord } from '../realm/records.ts'
import { showChannel } from '../show/show-channel.ts'
import { snowflakeTime, timestamp } from '../base/snowflake.ts'

export function findThread(realm: Realm, threadId: Snowflake): ThreadRecord {
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

/**
 * After a fresh gateway session (READY, not RESUMED) Discord will not tell again what was written meanwhile: every project channel
 * and its threads are read over REST from their cursors on.
 *
 *   per channel:   mark ─▶ list its threads ─▶ read channel and older threads ─▶ read threads born since ─▶ unmark
 *
 * Live events of a channel or thread wait until it has been read, so its cursor moves without gaps; those of the others go on. What
 * Discord does not answer for is tried again, and holds up nothing but itself. The new session's position is saved once nothing
 * waits: until then a restart begins here again. The mark is where the channel's cursor stood before it was read: it is on record
 * until the channel's threads have been read too, because a cursor that has moved hides threads that were archived before it.
 */
import { compareSnowflakes } from '../../base/ids.ts'
import type { ChatPort, ChatResult, GatewayPosition } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Durable } from '../commit-queue.ts'
import type { Intake } from './intake.ts'
import type { Projects } from './projects.ts'
import type { Retrying } from '../retry.ts'

interface Parts {
  readonly chat: ChatPort
  readonly store: StorePort
  readonly durable: Durable
  readonly projects: Projects
  readonly intake: Intake
  readonly retry: Retrying
  readonly log: Log
}

export interface CatchUp {
  /** A session began at this position; what an earlier one had begun to read is begun again. */
  begin(position: GatewayPosition): void
}

/** Read at a time: channels, and threads of each. Discord's limits are per channel, the order within one is kept. */
const AT_ONCE = 8
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

export function createCatchUp(parts: Parts): CatchUp {
  const { projects, intake, log } = parts
  let newest = 0
  let running: Promise<void> = Promise.resolve()
  return {
    begin(position) {
      const own = (newest += 1)
      const isOver = (): boolean => own !== newest || parts.retry.stopped
      const channels = projects.all().map(({ channelId }) => channelId)
      intake.hold(channels, position)
      running = running
        .then(async () => readAll(parts, channels, isOver))
        .catch((error: unknown) => log.error('catch-up ended', { error: String(error) }))
    },
  }
}

/** A channel with its threads, and what of it is still to be read. */
interface Unit {
  readonly channelId: string
  /** Where news begins; undefined: not asked yet, it begins now. */
  since: string | undefined
  threads: readonly Thread[] | undefined
  /** By channel or thread: read up to here. */
  readonly left: Map<string, string>
}

interface Thread {
  readonly id: string
  /** Younger than the mark: it may have begun with a message that is not read yet. */
  readonly born: boolean
}

async function readAll(parts: Parts, channels: readonly string[], isOver: () => boolean): Promise<void> {
  const { retry, intake, log } = parts
  const begun = await retry.until(async () => (isOver() ? [] : units(parts, channels)))
  let left: readonly Unit[] = begun === 'stopped' ? [] : begun
  let count = 0
  const read = async (unit: Unit): Promise<Unit | undefined> => {
    if (isOver()) return undefined
    const done = await readUnit(parts, unit, { isOver, found: (messages) => void (count += messages) }).catch(
      (error: unknown) => {
        log.error('catch-up of a channel broke; tried again', { channel: unit.channelId, error: String(error) })
        return false
      },
    )
    return done ? undefined : unit
  }
  for (let pause = FIRST_PAUSE_MS; left.length > 0 && !isOver(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    left = (await pool(left, read)).filter((unit) => unit !== undefined)
    if (left.length === 0 || isOver()) break
    log.warn('cannot be read yet: what is written there waits', { channels: left.map(({ channelId }) => channelId) })
    await retry.pause(pause)
  }
  if (!isOver()) intake.release(channels)
  if (count > 0) log.info('read what was written meanwhile', { messages: count })
}

/** Undefined: the database could not be read. */
async function units({ store, durable, log }: Parts, channels: readonly string[]): Promise<readonly Unit[] | undefined> {
  try {
    const [cursors, marks] = await Promise.all([store.cursors(), store.unread()])
    const found = channels.map((channelId): Unit => {
      const cursor = cursors.get(channelId)
      const left = new Map(cursor === undefined ? [] : [[channelId, cursor]])
      return { channelId, since: marks.get(channelId) ?? cursor, threads: undefined, left }
    })
    const begin = found.flatMap(({ channelId, since }) => (since === undefined ? [] : [{ channelId, since }]))
    if (begin.length > 0) await durable.commit({ unread: { begin } })
    return found
  } catch (error) {
    log.error('catch-up broke; begun again', { error: String(error) })
    return undefined
  }
}

interface Reading {
  readonly isOver: () => boolean
  readonly found: (messages: number) => void
}

/** True once nothing of it is left (or nobody wants it any more). */
async function readUnit(parts: Parts, unit: Unit, reading: Reading): Promise<boolean> {
  const { durable, intake } = parts
  if (!(await beginsSomewhere(parts, unit))) return false
  const threads = (unit.threads ??= await listThreads(parts, unit))
  if (!threads || reading.isOver()) return reading.isOver()
  intake.holdThreads(unit.channelId, [...unit.left.keys()])
  const read = async (id: string): Promise<void> => readOn(parts, unit, id, reading)
  const isLeft = ({ id }: Thread): boolean => unit.left.has(id)
  const older = threads.filter((thread) => !thread.born && isLeft(thread)).map(({ id }) => id)
  await pool(unit.left.has(unit.channelId) ? [unit.channelId, ...older] : older, read)
  if (unit.left.has(unit.channelId) || reading.isOver()) return reading.isOver()
  await pool(
    threads.filter(isLeft).map(({ id }) => id),
    read,
  )
  if (unit.left.size > 0 || reading.isOver()) return reading.isOver()
  await durable.commit({ unread: { end: [unit.channelId] } })
  intake.release([unit.channelId])
  return true
}

/** A channel that was linked while Discord could not be asked begins with the first message it can be asked about. */
async function beginsSomewhere({ chat, durable, log }: Parts, unit: Unit): Promise<boolean> {
  if (unit.since !== undefined) return true
  const newest = answered(log, unit.channelId, await chat.newestIn(unit.channelId))
  if (newest === 'later') return false
  const since = newest === 'gone' ? unit.channelId : newest
  await durable.commit({ cursors: [{ channelId: unit.channelId, messageId: since }] })
  unit.left.set(unit.channelId, (unit.since = since))
  return true
}

async function listThreads({ chat, store, log }: Parts, unit: Unit): Promise<readonly Thread[] | undefined> {
  const { since = unit.channelId } = unit
  const listed = answered(log, unit.channelId, await chat.threadsSince([unit.channelId], () => since))
  if (listed === 'later') return undefined
  const cursors = await store.cursors()
  return (listed === 'gone' ? [] : listed).map(({ id }) => {
    const born = compareSnowflakes(id, since) > 0
    unit.left.set(id, cursors.get(id) ?? (born ? id : since))
    return { id, born }
  })
}

async function readOn({ chat, intake, log }: Parts, unit: Unit, id: string, { isOver, found }: Reading): Promise<void> {
  for (let after = unit.left.get(id); after !== undefined && !isOver();) {
    const page = answered(log, id, await chat.readAfter(id, after))
    if (page === 'later') return
    for (const { message, access } of page === 'gone' ? [] : page.messages) await intake.found(message, access)
    if (page !== 'gone') found(page.messages.length)
    const next = page === 'gone' || !page.more ? undefined : page.lastId
    if (next === undefined) {
      unit.left.delete(id)
      return intake.read(id)
    }
    unit.left.set(id, (after = next))
  }
}

function answered<T>(log: Log, id: string, result: ChatResult<T>): T | 'later' | 'gone' {
  if (result.ok) return result.value
  if (result.failure.kind === 'unknown' || result.failure.kind === 'stopped') return 'later'
  log.warn('cannot be read while catching up', { channel: id, code: result.failure.code, reason: result.failure.message })
  return 'gone'
}

async function pool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const left = [...items]
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

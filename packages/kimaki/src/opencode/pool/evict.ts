/** Which slots are idle, and how an idle slot is evicted: its server ends, and its projects are placed anew when they are needed. */
import type { Log } from '../../ports/host.ts'
import { runningSessions } from '../wire/running.ts'
import { evictable } from './placement.ts'
import type { Serving } from './placement.ts'
import type { Slot, Slots } from './slots.ts'

/** A prompt is stored up to 0.4 s before its session shows as busy, and between two calls of a turn nothing may show at all. */
export const QUIET_MS = 2_000

/** A slot as it was at one moment. */
export interface SlotLoad extends Serving {
  readonly slot: Slot
  readonly acquisitions: number
}

/** Without asking the servers, only calls under way count as busy. */
export function loadsOf(slots: Iterable<Slot>, { asksServers }: { readonly asksServers: boolean }): Promise<readonly SlotLoad[]> {
  return Promise.all(
    [...slots].map(async (slot) => {
      const { projects, isBare, acquisitions, usedAt, leases } = slot
      const running = asksServers ? await runningOn(slot) : 0
      const wasJustUsed = Date.now() - usedAt < QUIET_MS
      return { slot, projects: [...projects], isBare, acquisitions, usedAt, busy: leases + running || Number(wasJustUsed) }
    }),
  )
}

async function runningOn({ supervisor }: Slot): Promise<number> {
  await supervisor.adopted()
  const link = supervisor.current()
  return link ? runningSessions(link.http, link.directories) : 0
}

/** False when the slot was acquired again since its load was taken. */
export async function evict({ slot, acquisitions }: SlotLoad, slots: Slots, log: Log): Promise<boolean> {
  if (slot.acquisitions !== acquisitions || slot.leases > 0) return false
  slots.delete(slot)
  log.info('an idle OpenCode server gives up its slot', { projects: [...slot.projects] })
  await slot.supervisor.retire()
  return true
}

export interface ShrinkDeps {
  readonly slots: Slots
  readonly limit: number
  readonly log: Log
  readonly stopped: AbortSignal
}

/** More servers than the limit allows: an earlier bot had a higher limit. */
export async function shrink({ slots, limit, log, stopped }: ShrinkDeps): Promise<void> {
  if (slots.size <= limit) return
  for (const load of evictable(await loadsOf(slots, { asksServers: true }), limit)) {
    stopped.throwIfAborted()
    await evict(load, slots, log)
  }
}

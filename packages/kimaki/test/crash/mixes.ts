/** What people do between the kills. */
import { setTimeout as pause } from 'node:timers/promises'
import { buttonsIn } from '../support/buttons.ts'
import type { Harness, Project } from '../support/harness.ts'
import type { Random } from './random.ts'

export interface Sent {
  readonly tag: string
  readonly id: string
  readonly threadId: string
  readonly queued: boolean
}

export interface Stage {
  readonly harness: Harness
  readonly projects: readonly Project[]
  readonly random: Random
  /** Oldest first; deeds add to it. */
  readonly sent: Sent[]
}

const DEEDS = {
  text: (stage: Stage) => write(stage, 'text'),
  tool: (stage: Stage) => write(stage, 'tool'),
  burst(stage: Stage) {
    const { id, threadId } = write(stage, 'text')
    for (let more = 0; more < 2; more += 1) write(stage, 'text', id === threadId ? undefined : threadId)
  },
  /** Waits behind something that takes a while. */
  queue(stage: Stage) {
    const { id, threadId } = write(stage, 'tool')
    // A new thread is not there yet.
    if (id === threadId) return
    write(stage, 'text', threadId, true)
    if (stage.random.chance(0.5)) write(stage, 'text', threadId, true)
  },
  /** With another word, or without the suffix that made it wait. */
  edit({ harness, random, sent }: Stage) {
    const { id, threadId, tag, queued } = random.pick(sent.slice(-4))
    const suffix = queued && random.chance(0.7) ? '. queue' : ''
    if (id !== threadId && stands(harness, threadId, id)) harness.owner.edit(threadId, id, `text again ${tag}${suffix}`)
  },
  delete({ harness, random, sent }: Stage) {
    const { id, threadId } = random.pick(sent.slice(-4))
    if (id !== threadId && stands(harness, threadId, id)) harness.owner.delete(threadId, id)
  },
  press({ harness, random, sent }: Stage) {
    const { threadId } = random.pick(sent.slice(-4))
    const [button] = buttonsIn(harness, threadId)
    if (button) harness.owner.press(threadId, button.messageId, button.customId)
  },
  /** A provider that refuses is stopped, with or without what was written meanwhile, as soon as the notice has its buttons. */
  stop(stage: Stage) {
    const { id, threadId } = write(stage, 'balk')
    if (id !== threadId) write(stage, 'text', threadId)
    void pressStop(stage, threadId, stage.random.next())
  },
} satisfies Readonly<Record<string, (stage: Stage) => unknown>>

type Deed = keyof typeof DEEDS

/** A deed that stands here twice is done twice as often. */
export const MIXES = {
  plain: ['text', 'text', 'tool', 'burst'],
  delivery: ['text', 'tool', 'burst', 'queue', 'queue', 'queue', 'edit', 'edit', 'delete', 'press', 'press', 'stop'],
} satisfies Readonly<Record<string, readonly Deed[]>>

export type Mix = keyof typeof MIXES

export function act(stage: Stage, mix: Mix): void {
  const deeds: readonly Deed[] = stage.sent.length > 0 ? MIXES[mix] : ['text']
  DEEDS[stage.random.pick(deeds)](stage)
}

/** A new thread, or one of the last. */
export function write(stage: Stage, words: 'text' | 'tool' | 'balk', place?: string, queued = false): Sent {
  const { harness, projects, random, sent } = stage
  const tag = `#m${sent.length + 1}`
  const open = sent.slice(-6).filter(({ threadId }) => harness.emulator.world.channel(threadId))
  const thread = place ?? (random.chance(0.4) && open.length > 0 ? random.pick(open).threadId : undefined)
  const { id } = harness.owner.send(thread ?? random.pick(projects).channelId, `${words} ${tag}${queued ? '. queue' : ''}`)
  const written = { tag, id, threadId: thread ?? id, queued }
  sent.push(written)
  closeOld(stage)
  return written
}

/** A server holds a thousand active threads: people close those they are done with. */
function closeOld({ harness, sent }: Stage): void {
  const old = sent.at(-OLD)?.threadId
  if (old !== undefined && harness.emulator.world.channel(old)) harness.guild.archiveThread(old)
}

const OLD = 300

/** `which` of the two, if there are two: from 0 to 1. */
async function pressStop({ harness }: Stage, threadId: string, which: number): Promise<void> {
  for (const until = performance.now() + STOP_MS; performance.now() < until;) {
    await pause(STOP_LOOK_MS)
    const stops = buttonsIn(harness, threadId).filter(({ customId }) => customId.startsWith('stop'))
    const stop = stops[Math.floor(which * stops.length)]
    if (!stop) continue
    harness.owner.press(threadId, stop.messageId, stop.customId)
    return
  }
}

/** With a kill and a start in between. */
const STOP_MS = 6000
const STOP_LOOK_MS = 50

const stands = ({ emulator }: Harness, threadId: string, messageId: string): boolean =>
  emulator.world.messages(threadId).some(({ id }) => id === messageId)

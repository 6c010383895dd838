/** What people do between the kills. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Interaction } from 'discord-emulator'
import { buttonsIn, type Button } from '../support/buttons.ts'
import type { Harness, Project } from '../support/harness.ts'
import { folderOn, FOLDERS, given, labelOf, meantBy, OPTIONS, WAYS, WORDS, type Way } from './answers.ts'
import { invoke, type Invocation } from './commands/invocations.ts'
import type { Random } from './random.ts'

export interface Sent {
  readonly tag: string
  readonly id: string
  readonly threadId: string
  readonly queued: boolean
}

export interface Scenario {
  readonly harness: Harness
  readonly projects: readonly Project[]
  readonly random: Random
  /** Oldest first; commands add to it. */
  readonly sent: Sent[]
  /** What somebody has answered, or will: labels of options, and of permissions what `given` says. */
  readonly pressed: Set<string>
  /** Slash commands. */
  readonly invoked: Invocation[]
}

const COMMANDS = {
  text: (scenario: Scenario) => write(scenario, 'text'),
  tool: (scenario: Scenario) => write(scenario, 'tool'),
  burst(scenario: Scenario) {
    const { id, threadId } = write(scenario, 'text')
    for (let more = 0; more < 2; more += 1) write(scenario, 'text', id === threadId ? undefined : threadId)
  },
  /** Waits behind something that takes a while. */
  queue(scenario: Scenario) {
    const { id, threadId } = write(scenario, 'tool')
    // A new thread is not there yet.
    if (id === threadId) return
    write(scenario, 'text', threadId, true)
    if (scenario.random.chance(0.5)) write(scenario, 'text', threadId, true)
  },
  /** With another word, or without the suffix that made it wait. */
  edit({ harness, random, sent }: Scenario) {
    const { id, threadId, tag, queued } = random.pick(sent.slice(-4))
    const suffix = queued && random.chance(0.7) ? '. queue' : ''
    if (id !== threadId && stands(harness, threadId, id)) harness.owner.edit(threadId, id, `text again ${tag}${suffix}`)
  },
  delete({ harness, random, sent }: Scenario) {
    const { id, threadId } = random.pick(sent.slice(-4))
    if (id !== threadId && stands(harness, threadId, id)) harness.owner.delete(threadId, id)
  },
  press({ harness, random, sent, pressed }: Scenario) {
    const { threadId } = random.pick(sent.slice(-4))
    const [button] = buttonsIn(harness, threadId)
    if (button) pressOnce(harness, threadId, button, pressed)
  },
  /** Two questions of the agent at once, answered in any order; at times with a message instead. */
  pick(scenario: Scenario) {
    const { harness, pressed, random } = scenario
    const { threadId, tag } = write(scenario, 'pick')
    const labels = OPTIONS.map((options) => labelOf(random.pick([...options]), tag))
    for (const label of random.chance(0.5) ? labels : labels.toReversed()) {
      pressed.add(label)
      void untilTaken(harness, threadId, {
        isMeant: (button) => button.label === label,
        answer: (button) => void harness.owner.press(threadId, button.messageId, button.customId),
      })
    }
  },
  /** Two permissions at once, each answered in a way of its own; at times with a message instead. */
  permit(scenario: Scenario) {
    const { harness, random } = scenario
    const { threadId, tag } = write(scenario, 'permit')
    for (const name of random.chance(0.5) ? FOLDERS : FOLDERS.toReversed()) {
      const folder = labelOf(name, tag)
      putNote(harness, folder)
      void answerPermission(scenario, { threadId, folder, way: random.pick(PEOPLE) })
    }
  },
  /** A provider that refuses is stopped, with or without what was written meanwhile, as soon as the notice has its buttons. */
  stop(scenario: Scenario) {
    const { id, threadId } = write(scenario, 'balk')
    if (id !== threadId) write(scenario, 'text', threadId)
    void pressStop(scenario, threadId, scenario.random.next())
  },
  /** Slash commands, in one of the last threads and in the channel of a project. */
  invoke({ harness, projects, random, sent, invoked }: Scenario) {
    const { threadId } = random.pick(sent.slice(-4))
    const messageId = random.pick(sent.filter((message) => message.threadId === threadId)).id
    const { channelId } = random.pick([...projects])
    for (let tries = 0; tries < AT_ONCE; tries += 1) {
      const invocation = invoke({ harness, random, threadId, channelId, messageId, nth: invoked.length + 1 })
      if (invocation) invoked.push(invocation)
    }
  },
} satisfies Readonly<Record<string, (scenario: Scenario) => unknown>>

/** So many slash commands. */
const AT_ONCE = 3

type Command = keyof typeof COMMANDS

/** A command that stands here twice is done twice as often. */
export const MIXES = {
  plain: ['text', 'text', 'tool', 'burst'],
  delivery: ['text', 'tool', 'burst', 'queue', 'queue', 'queue', 'edit', 'edit', 'delete', 'press', 'press', 'stop'],
  asks: ['pick', 'pick', 'permit', 'permit', 'permit', 'text', 'tool', 'press'],
  commands: ['invoke', 'invoke', 'invoke', 'text', 'tool'],
} satisfies Readonly<Record<string, readonly Command[]>>

export type Mix = keyof typeof MIXES

/** Once nothing is killed any more, somebody answers whatever still waits for an answer; a card may come anew with each start. */
export async function answerTheRest({ harness, sent, pressed }: Scenario, until: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = until.finally(() => (isOver = true)).catch(() => undefined)
  while (!isOver) {
    for (const threadId of new Set(sent.map((message) => message.threadId))) {
      const button = buttonsIn(harness, threadId).find(({ label }) => ANSWERS.test(label))
      if (!button) continue
      pressOnce(harness, threadId, button, pressed)
    }
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, ANSWER_EVERY_MS))])
  }
}

const ANSWERS = /^(?:left|right|up|down)\d+$|^Allow once$|^Go on$/
const ANSWER_EVERY_MS = 1000

export function act(scenario: Scenario, mix: Mix): void {
  const commands: readonly Command[] = scenario.sent.length > 0 ? MIXES[mix] : ['text']
  COMMANDS[scenario.random.pick(commands)](scenario)
}

/** A new thread, or one of the last. */
export function write(
  scenario: Scenario,
  words: 'text' | 'tool' | 'balk' | 'pick' | 'permit',
  place?: string,
  queued = false,
): Sent {
  const { harness, projects, random, sent } = scenario
  const tag = `#m${sent.length + 1}`
  const open = sent.slice(-6).filter(({ threadId }) => harness.emulator.world.channel(threadId))
  const thread = place ?? (random.chance(0.4) && open.length > 0 ? random.pick(open).threadId : undefined)
  const { id } = harness.owner.send(thread ?? random.pick(projects).channelId, `${words} ${tag}${queued ? '. queue' : ''}`)
  const written = { tag, id, threadId: thread ?? id, queued }
  sent.push(written)
  closeOld(scenario)
  return written
}

/** A server holds a thousand active threads: people close those they are done with. */
function closeOld({ harness, sent }: Scenario): void {
  const old = sent.at(-OLD)?.threadId
  if (old !== undefined && harness.emulator.world.channel(old)) harness.guild.archiveThread(old)
}

const OLD = 300

/** `which` of the two, if there are two: from 0 to 1. */
async function pressStop({ harness }: Scenario, threadId: string, which: number): Promise<void> {
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

function pressOnce({ owner }: Harness, threadId: string, button: Button, pressed: Set<string>): void {
  const meant = meantBy(button)
  if (meant !== undefined) pressed.add(meant)
  owner.press(threadId, button.messageId, button.customId)
}

export function putNote({ dir }: Harness, folder: string): void {
  const file = join(dir, 'asked', folder, 'note.txt')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, WORDS.read(folder))
}

/** Drawn from. `message`: instead of an answer, the agent is told something else. */
const PEOPLE: readonly (Way | 'message')[] = ['once', 'once', 'always', 'deny', 'reason', 'reply', 'message']

async function answerPermission(
  scenario: Scenario,
  { threadId, folder, way }: { readonly threadId: string; readonly folder: string; readonly way: Way | 'message' },
): Promise<void> {
  const { harness, pressed } = scenario
  if (way !== 'message') pressed.add(given(folder, WAYS[way].outcome))
  const label = way === 'message' ? undefined : WAYS[way].label
  let isWritten = false
  await untilTaken(harness, threadId, {
    isMeant: (button) => folderOn(button.text) === folder && (label === undefined || button.label === label),
    answer({ messageId, customId }) {
      if (label !== undefined) return fillIfAsked(harness, harness.owner.press(threadId, messageId, customId), folder)
      // What is written is not lost while the bot is dead.
      if (isWritten) return
      isWritten = true
      if (way === 'message') write(scenario, 'text', threadId)
      else harness.owner.send(threadId, WORDS.replied(folder), { replyTo: messageId })
    },
  })
}

/** A button for a reason opens a modal, unless the bot dies. */
async function fillIfAsked({ owner }: Harness, opening: Interaction, folder: string): Promise<void> {
  await pause(TAKEN_LOOK_MS)
  if (opening.modal) owner.fill(opening, { words: WORDS.refused(folder) })
}

interface Answering {
  isMeant(button: Button): boolean
  answer(button: Button): void | Promise<void>
}

/** A press that comes while the bot is dead is lost, as in Discord: people press again while the button stands. */
async function untilTaken(harness: Harness, threadId: string, { isMeant, answer }: Answering): Promise<void> {
  let isSeen = false
  for (const until = performance.now() + TAKEN_MS; performance.now() < until;) {
    const button = buttonsIn(harness, threadId).find(isMeant)
    if (!button && isSeen) return
    if (button) await answer(button)
    isSeen ||= button !== undefined
    await pause(TAKEN_LOOK_MS)
  }
}

const TAKEN_MS = 60_000
const TAKEN_LOOK_MS = 200

const stands = ({ emulator }: Harness, threadId: string, messageId: string): boolean =>
  emulator.world.messages(threadId).some(({ id }) => id === messageId)

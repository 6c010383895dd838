/**
 * Random SIGKILLs of bot, wrapper and OpenCode over a mixed load: new threads, follow-ups, bursts and tool runs in several projects, or
 * with the mix `delivery` messages that wait, are edited, deleted and taken out as well.
 * Deterministic but for time: the seed chooses all.
 */
import { summarise, type Verdict } from 'checker'
import type { Harness, Project } from '../support/harness.ts'
import { invented, permissionEnds } from './answers.ts'
import { amiss, aside } from './commands/amiss.ts'
import { gather } from './commands/evidence.ts'
import type { Invocation } from './commands/invocations.ts'
import { act, answerTheRest, write, type Mix, type Sent } from './mixes.ts'
import { createRandom } from './random.ts'
import { DRAW, startProcesses, VICTIMS, type Victim } from './victims.ts'

/** What stood of the newest message when the bot was killed. */
export const STAGES = [
  'not dispatched',
  'dispatched',
  'thread open',
  'model asked',
  'model answered',
  'answer posted',
  'footer posted',
] as const
export type Stage = (typeof STAGES)[number]

export interface RandomKills {
  readonly kills: number
  readonly messages: number
  readonly histogram: Readonly<Record<Stage, number>>
  readonly victims: Readonly<Record<Victim, number>>
  /** Share of the kills that fell between a message's arrival and its last post. */
  readonly inFlight: number
  readonly verdict: Verdict
  /** Slash commands. */
  readonly invoked: readonly Invocation[]
  /** Answers that the agent got and nobody gave, and what is wrong with slash commands. */
  readonly invented: readonly string[]
  /** How the permissions ended. */
  readonly permissions: string
  /** What the last bot, the one nobody killed, had to say. */
  readonly lastLog: string
}

/** Kills are spread over these; an OpenCode that has to start first takes seconds, the rest takes milliseconds. */
const AIMS: readonly Stage[] = [
  'dispatched',
  'thread open',
  'thread open',
  'model asked',
  'model asked',
  'model answered',
  'answer posted',
  'footer posted',
]
/** Longer than an OpenCode takes to start on a busy machine. */
const AIM_MS = 6000
/** Within the stage: up to so long after it was reached. */
const JITTER_MS = 120
const LOOK_MS = 3

export async function randomKills(
  harness: Harness,
  projects: readonly Project[],
  options: { readonly kills: number; readonly seed: number; readonly mix?: Mix; readonly onKill?: (done: number) => void },
): Promise<RandomKills> {
  const random = createRandom(options.seed)
  const histogram = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>
  const victims = Object.fromEntries(VICTIMS.map((victim) => [victim, 0])) as Record<Victim, number>
  const sent: Sent[] = []
  const pressed = new Set<string>()
  const invoked: Invocation[] = []
  const scenario = { harness, projects, random, sent, pressed, invoked }
  const processes = await startProcesses(harness)
  for (let kill = 0; kill < options.kills; kill += 1) {
    const written = sent.length
    act(scenario, options.mix ?? 'plain')
    // An edit or a press where all is done leaves a kill nothing to hit.
    const last = sent.at(-1)
    if (sent.length === written && last && stageOf(harness, last) === 'footer posted') write(scenario, 'text')
    await untilStage(harness, sent.at(-1), random.pick(AIMS))
    await new Promise((resolve) => setTimeout(resolve, random.next() * JITTER_MS))
    const victim = random.pick(DRAW)
    const hit = sent.at(-1)
    if (hit) histogram[stageOf(harness, hit)] += 1
    const dying = processes.kill(victim)
    victims[victim] += 1
    // While nobody is there, people go on writing.
    if (random.chance(0.2)) write(scenario, 'text')
    await dying
    options.onKill?.(kill + 1)
  }
  const verdict = (): Verdict =>
    options.mix === 'commands' ? harness.verdict(aside(gather(harness, projects))) : harness.verdict()
  const wrong = (): readonly string[] => (invoked.length > 0 ? amiss(gather(harness, projects), invoked) : [])
  const ended = untilEverythingEnded(harness, () => verdict().findings.some(({ kind }) => kind === 'lost') || wrong().length > 0)
  await Promise.all([ended, options.mix === 'asks' ? answerTheRest(scenario, ended) : undefined])
  const threads = [...new Set(sent.map(({ threadId }) => threadId))]
  const outside = histogram['not dispatched'] + histogram['footer posted']
  return {
    kills: options.kills,
    messages: sent.length,
    histogram,
    victims,
    inFlight: (options.kills - outside) / options.kills,
    verdict: verdict(),
    invented: [...invented(harness, threads, pressed), ...wrong()],
    invoked,
    permissions: permissionEnds(harness, threads),
    lastLog: processes.log(),
  }
}

async function untilStage(harness: Harness, sent: Sent | undefined, aim: Stage): Promise<void> {
  const before = performance.now()
  const reached = (): boolean => sent === undefined || STAGES.indexOf(stageOf(harness, sent)) >= STAGES.indexOf(aim)
  while (!reached() && performance.now() - before < AIM_MS) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}

function stageOf({ emulator, model, said }: Harness, { tag, threadId }: Sent): Stage {
  const texts = said(threadId)
  const request = model.log.findLast((entry) => entry.hasTools && entry.answers.some((text) => text.includes(tag)))
  const posted = request?.token === undefined ? -1 : texts.findIndex((text) => text.includes(request.token ?? ''))
  if (posted !== -1) return texts.slice(posted).some((text) => text.startsWith('*')) ? 'footer posted' : 'answer posted'
  if (request) return request.outcome === 'open' ? 'model asked' : 'model answered'
  if (emulator.world.channel(threadId)) return 'thread open'
  const message = emulator.world.messages(threadId)
  return message.length > 0 || wasDispatched(emulator, threadId) ? 'dispatched' : 'not dispatched'
}

const wasDispatched = (emulator: Harness['emulator'], messageId: string): boolean =>
  emulator.journal.entries.some((entry) => entry.kind === 'dispatch' && entry.subjectId === messageId)

/** A look costs as much as the whole run is long, and emulator and model live in this process too: not at every change. */
const LOOK_EVERY_MS = 1000
/** Nothing new for so many looks, and it is over: longer than the bot takes to notice a server that hangs, and to start another. */
const STILL_LOOKS = 120
/** What has no end ten minutes after the last fault is lost, whatever else goes on. */
const LOOKS = 600

/** All messages and commands have an end, and nothing is being said any more; what has none by then is the checker's to name. */
async function untilEverythingEnded({ model, emulator }: Harness, isOpen: () => boolean): Promise<void> {
  const said = (): number => model.log.length + emulator.journal.entries.filter(({ kind }) => kind === 'message').length
  for (let look = 0, still = 0, before = said(); look < LOOKS && still < STILL_LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    if (!isOpen() && !model.log.some(({ outcome }) => outcome === 'open')) return
    const now = said()
    still = now === before ? still + 1 : 0
    before = now
  }
}

export function report({
  kills,
  messages,
  histogram,
  victims,
  inFlight,
  verdict,
  invented: made,
  invoked,
  permissions,
}: RandomKills): string {
  const widest = Math.max(...Object.values(histogram), 1)
  const bars = STAGES.map(
    (stage) =>
      `  ${stage.padEnd(15)} ${String(histogram[stage]).padStart(5)}  ${'█'.repeat(Math.round((histogram[stage] / widest) * 40))}`,
  )
  const share = `${Math.round(inFlight * 100)} % of the kills fell between a message's arrival and its last post`
  const dead = VICTIMS.map((victim) => `${victim} ${victims[victim]}`).join(', ')
  return [
    `${kills} kills (${dead}) over ${messages} messages; ${share}`,
    ...bars,
    summarise(verdict),
    ...(permissions === '' ? [] : [`permissions: ${permissions}`]),
    ...(invoked.length > 0 ? [`${invoked.length} slash commands: ${ends(invoked)}`] : []),
    ...made.map((label) => `- invented, or wrong with a command: ${label}`),
  ].join('\n')
}

const ends = (invoked: readonly Invocation[]): string =>
  Object.entries(Object.groupBy(invoked, ({ use, name }) => `${name} ${use.response ? use.state : 'not done'}`))
    .map(([end, all]) => `${end} ${all?.length}`)
    .toSorted()
    .join(', ')

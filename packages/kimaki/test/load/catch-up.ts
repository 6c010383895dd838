/**
 * While the bot is down and its gateway session goes, messages arrive in many threads, some of them new; then it comes back, with
 * Discord's rate limits on. How long until the last of them is answered?
 */
import { setTimeout as pause } from 'node:timers/promises'
import { summarise, type Verdict } from 'checker'
import type { Rule } from 'scripted-model'
import type { Entry } from '../support/bot-process.ts'
import type { Harness, Project } from '../support/harness.ts'

export interface CatchUpLoad {
  readonly threads: number
  /** Of them, begun while the bot was down. */
  readonly born: number
  readonly messages: number
  /** How long the bot is down, ms: the messages are spread over it. */
  readonly downMs: number
}

export interface CatchUpResult {
  readonly verdict: Verdict
  readonly answered: number
  /** From the start of the process, ms. */
  readonly readyMs: number
  readonly lastPostMs: number
  readonly modelRuns: number
  readonly tooMany: number
}

export const LOAD_RULES: readonly Rule[] = [
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}.` }] },
]

const FOOTER = /^\*alpha/

export async function catchUpLoad(
  harness: Harness,
  project: Project,
  load: CatchUpLoad,
  { patienceMs, second }: { readonly patienceMs: number; /** What comes back. */ readonly second?: Entry },
): Promise<CatchUpResult> {
  let count = 0
  const say = (place: string): string => harness.owner.send(place, `text #m${(count += 1)}`).id
  const known = load.threads - load.born
  const first = await harness.bot()
  const threads = Array.from({ length: known }, () => say(project.channelId))
  await Promise.all(threads.map((thread) => harness.untilSaid(thread, FOOTER, 60_000)))
  first.kill()
  await first.exited
  harness.emulator.gateway.expire(harness.application.id)
  const from = harness.emulator.journal.entries.length
  const before = count
  for (let n = 0; n < load.born; n += 1) {
    const id = say(project.channelId)
    harness.owner.startThread(project.channelId, `born ${n}`, id)
    threads.push(id)
    await pause(load.downMs / load.messages)
  }
  for (let n = load.born; n < load.messages; n += 1) {
    say(threads[n % threads.length] ?? '')
    await pause(load.downMs / load.messages)
  }
  const startedAt = performance.timeOrigin + performance.now()
  const bot = await harness.bot(second)
  const readyMs = bot.readyAfterMs()
  const isOver = (): boolean =>
    harness.verdict().findings.every(({ kind }) => kind !== 'lost') &&
    threads.every((id) => FOOTER.test(harness.said(id).at(-1) ?? ''))
  const deadline = performance.now() + patienceMs
  while (!isOver() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 500))
  const entries = harness.emulator.journal.entries.slice(from)
  const posts = entries.filter((entry) => entry.kind === 'message' && entry.by === 'bot')
  const asked = harness.model.log.filter(({ hasTools }) => hasTools)
  const verdict = harness.verdict()
  bot.kill()
  await bot.exited
  return {
    verdict,
    answered: verdict.answered - before,
    readyMs,
    lastPostMs: (posts.at(-1)?.at ?? startedAt) - startedAt,
    modelRuns: asked.length - before,
    tooMany: entries.filter((entry) => entry.kind === 'request' && entry.status === 429).length,
  }
}

export function report({ verdict, answered, readyMs, lastPostMs, modelRuns, tooMany }: CatchUpResult): string {
  const s = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  return [
    `${answered} messages answered by ${modelRuns} runs; ready after ${s(readyMs)}, last post after ${s(lastPostMs)}; ${tooMany} answers of 429`,
    summarise(verdict),
  ].join('\n')
}

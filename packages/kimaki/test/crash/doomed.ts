/**
 * A bot that dies at a named point, and the one after it. The first is a process for the first point of each row and side of the `kill -9`
 * table, else it is inside the test, which costs no start. What a process takes with it when it dies is shown by the first kind; what the
 * rows, Discord and OpenCode hold at a point, by both. The bot after it is always inside the test: it knows what is on record either way
 * (processes that start after others died: `random-kills.test.ts`).
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Harness } from '../support/harness.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { crashingAt } from './crashing.ts'
import { POINTS, type Point } from './points.ts'

export interface Doomed {
  /** From now on the point is deadly. */
  arm(): void
  /** Fails unless it died at the point. */
  readonly died: Promise<void>
  /** The bot after it, ready. */
  next(): Promise<{ kill(): Promise<void> }>
}

const CRASHING = { kind: 'composition', file: new URL('crashing-bot.ts', import.meta.url) } as const

export interface DoomedOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Whichever point it is, inside the test: where others show what the process takes with it. */
  readonly where?: 'inside'
}

export async function startDoomed(harness: Harness, point: Point, { env = {}, where }: DoomedOptions = {}): Promise<Doomed> {
  const isProcess = where === undefined && isFirstOfItsKind(point)
  return isProcess ? asProcess(harness, point, env) : within(harness, point, env)
}

const isFirstOfItsKind = (point: Point): boolean =>
  POINTS.find(({ row, side }) => row === point.row && side === point.side) === point

async function asProcess(harness: Harness, { name }: Point, env: Readonly<Record<string, string>>): Promise<Doomed> {
  const armed = join(harness.dir, 'armed')
  const bot = await harness.bot(CRASHING, { ...env, CRASH_AT: name, CRASH_ARMED: armed })
  return {
    arm: () => writeFileSync(armed, ''),
    died: bot.exited.then(({ signal }) => {
      if (signal !== 'SIGKILL' || existsSync(armed))
        throw new Error(`the bot did not die at ${name}: ${bot.stderr().slice(-2000)}`)
    }),
    next: () => nextInside(harness, env),
  }
}

async function within(harness: Harness, point: Point, env: Readonly<Record<string, string>>): Promise<Doomed> {
  let armed = false
  const bot = await startInnerBot(harness, {
    env,
    decorate: (_config, { die }) =>
      crashingAt(point, {
        armed: () => armed,
        die() {
          armed = false
          return die()
        },
      }),
  })
  return {
    arm: () => void (armed = true),
    died: bot.gone,
    next: () => nextInside(harness, env),
  }
}

async function nextInside(harness: Harness, env: Readonly<Record<string, string>>): Promise<{ kill(): Promise<void> }> {
  const after = await startInnerBot(harness, { env })
  return {
    async kill() {
      after.kill()
      await after.gone
    },
  }
}

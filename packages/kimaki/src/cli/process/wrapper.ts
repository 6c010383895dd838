/**
 * The parent that starts the bot again when it dies. It does nothing else and imports next to nothing, because its memory counts as the
 * bot's: 49 MB resident from the bundle, of which 42 are Node's own (the library that reads the command line would add 8).
 *
 * Signals go on to the bot. Ctrl-C in a terminal reaches both, and the bot a second time from here, which it knows to ignore.
 * Were the wrapper killed, the bot would live on: nothing but the parent's number binds them.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { EXIT_AGAIN, EXIT_FAILURE, EXIT_OK } from './exit-codes.ts'
import { NO_HISTORY, RESTART_POLICY, afterEnd, type Ending, type RestartPolicy } from './restart-policy.ts'
import { CHILD_VARIABLE } from './wrapped.ts'

/** The bot ends itself 4.5 s after it was told to; one that has not by then is hung. */
const PATIENCE_MS = 7000
/**
 * V8's space for new objects. It would grow to 3 × 16 MB and stay: with a hundred threads used the bot is 99 MB large instead of 170, for
 * the same CPU time (0.7 s for 150 messages at once).
 */
export const SMALL_NURSERY = '--max-semi-space-size=1'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const

/** Runs this same command line as the bot, again and again; resolves with the code to end with. */
export async function supervise(policy: RestartPolicy = RESTART_POLICY): Promise<number> {
  // Whoever read along may have gone: that is no reason to end.
  process.stderr.on('error', () => undefined)
  const told = listen()
  let history = NO_HISTORY
  for (let life = 1; ; life += 1) {
    const ending = await live(life, told)
    if (told.toStop) return codeOf(ending)
    const after = afterEnd(ending, history, policy)
    history = after.history
    if (after.next.words !== undefined) say(after.next.words)
    if (after.next.kind === 'end') return after.next.code
    await told.pause(after.next.afterMs)
    if (told.toStop) return EXIT_OK
  }
}

interface Told {
  readonly toStop: boolean
  /** Signals go to this child from now on. */
  lead(child: ChildProcess | undefined): void
  /** Ends early at a signal. */
  pause(ms: number): Promise<void>
}

function listen(): Told {
  let child: ChildProcess | undefined
  let toStop = false
  let patience: NodeJS.Timeout | undefined
  let wake = (): void => undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    toStop ||= signal !== 'SIGUSR2'
    wake()
    child?.kill(signal)
    const hung = child
    patience ??= setTimeout(() => hung?.kill('SIGKILL'), PATIENCE_MS)
    patience.unref()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    get toStop() {
      return toStop
    },
    lead(next) {
      child = next
      clearTimeout(patience)
      patience = undefined
    },
    pause: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

function live(life: number, told: Told): Promise<Ending> {
  const bornAt = performance.now()
  const child = spawn(process.execPath, [...process.execArgv, SMALL_NURSERY, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [CHILD_VARIABLE]: String(life) },
  })
  told.lead(child)
  return new Promise((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      told.lead(undefined)
      const at = performance.now()
      resolve({ code, signal, at, livedMs: at - bornAt })
    }
    child.once('exit', end)
    child.once('error', (error) => {
      if (child.pid !== undefined) return
      say(`the bot could not be started: ${error.message}`)
      end(EXIT_FAILURE, null)
    })
  })
}

/** After it was told to stop. A bot that had not begun to listen dies of the signal itself: nothing was begun either. */
function codeOf({ code, signal }: Ending): number {
  if (signal === null) return code === EXIT_AGAIN ? EXIT_OK : (code ?? EXIT_FAILURE)
  if (signal === 'SIGINT' || signal === 'SIGTERM') return EXIT_OK
  say(`the bot was ended by ${signal} before it had stopped in order. Nothing is lost: the next start takes up what is left.`)
  return 128 + constants.signals[signal]
}

const say = (words: string): boolean => process.stderr.write(`kimaki: ${words}\n`)

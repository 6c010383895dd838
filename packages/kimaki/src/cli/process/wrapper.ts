/**
 * The parent that starts the bot again when it dies. The wrapper does nothing else and imports next to nothing, because its memory counts
 * as the bot's: 49 MB resident from the bundle, of which 42 are Node's own (the library that parses command lines would add 8).
 *
 * W1. A signal reaches the bot once from here. Ctrl-C in a terminal reaches both processes, so the bot gets it twice and ignores the second.
 * W2. After SIGINT or SIGTERM no bot is started any more, and a pause before the next one ends at once.
 * W3. A bot that does not exit within the deadline after a signal is hung and gets SIGKILL.
 * W4. A bot outlives a wrapper that is killed: nothing but the parent's pid binds the two.
 * W5. Off a terminal the bot gets this stdout as a descriptor of its own, for events alone. What is stdout to the bot and to all that it
 *     starts is this stderr: nothing they print, whole lines or pieces, comes between two events.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { NO_HISTORY, RESTART_POLICY, afterExit, type BotExit, type RestartPolicy } from './restart-policy.ts'
import { EVENTS_VARIABLE, EXIT_FAILURE, EXIT_OK, EXIT_RESTART, isTerminal, logError, surviveBrokenPipes } from '../status.ts'
import { CHILD_VARIABLE } from '../wrapped.ts'

/** The bot exits within 4.5 s after a signal; one that has not by then is hung. */
const EXIT_DEADLINE_MS = 7000
/**
 * V8's space for new objects. It would grow to 3 × 16 MB and stay: with a hundred threads used the bot is 99 MB large instead of 170, for
 * the same CPU time (0.7 s for 150 messages at once).
 */
export const SMALL_NURSERY = '--max-semi-space-size=1'
const [STDOUT, STDERR] = [1, 2]
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const

/** Runs this same command line as the bot, again and again; resolves with the code to exit with. */
export async function supervise(policy: RestartPolicy = RESTART_POLICY): Promise<number> {
  surviveBrokenPipes(process.stderr)
  const relay = new SignalRelay()
  let history = NO_HISTORY
  for (let generation = 1; ; generation += 1) {
    const exit = await runBot(generation, relay)
    if (relay.toldToStop) return codeAfterStop(exit)
    const after = afterExit(exit, history, policy)
    history = after.history
    if (after.next.message !== undefined) logError(after.next.message)
    if (after.next.kind === 'exit') return after.next.code
    await relay.pause(after.next.afterMs)
    if (relay.toldToStop) return EXIT_OK
  }
}

/** Passes the signals of this process on to the bot that runs now. */
class SignalRelay {
  #bot: ChildProcess | undefined
  #toldToStop = false
  #deadline: NodeJS.Timeout | undefined
  #endPause = (): void => undefined

  constructor() {
    for (const signal of SIGNALS) process.on(signal, () => this.#pass(signal))
    // A heap snapshot of the bot: it stays. Without a listener, Node would begin to listen for a debugger.
    process.on('SIGUSR1', () => this.#bot?.kill('SIGUSR1'))
  }

  /** SIGINT or SIGTERM came. */
  get toldToStop(): boolean {
    return this.#toldToStop
  }

  /** Signals go to this bot from now on; to nobody when it is undefined. */
  follow(bot: ChildProcess | undefined): void {
    this.#bot = bot
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }

  /** A signal ends the pause early. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #pass(signal: NodeJS.Signals): void {
    this.#toldToStop ||= signal !== 'SIGUSR2'
    this.#endPause()
    const bot = this.#bot
    bot?.kill(signal)
    this.#deadline ??= setTimeout(() => bot?.kill('SIGKILL'), EXIT_DEADLINE_MS).unref()
  }
}

function runBot(generation: number, relay: SignalRelay): Promise<BotExit> {
  const startedAt = performance.now()
  const bot = spawn(process.execPath, [...process.execArgv, SMALL_NURSERY, ...process.argv.slice(1)], {
    stdio: isTerminal() ? 'inherit' : ['inherit', STDERR, 'inherit', STDOUT],
    env: { ...process.env, [CHILD_VARIABLE]: String(generation), ...(isTerminal() ? {} : { [EVENTS_VARIABLE]: '3' }) },
  })
  relay.follow(bot)
  return new Promise((resolve) => {
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      relay.follow(undefined)
      const at = performance.now()
      resolve({ code, signal, at, uptimeMs: at - startedAt })
    }
    bot.once('exit', onExit)
    bot.once('error', (error) => {
      if (bot.pid !== undefined) return
      logError(`the bot could not be started: ${error.message}`)
      onExit(EXIT_FAILURE, null)
    })
  })
}

/** A bot that had not begun to listen dies of the signal itself: it had begun nothing either. */
function codeAfterStop({ code, signal }: BotExit): number {
  if (signal === null) return code === EXIT_RESTART ? EXIT_OK : (code ?? EXIT_FAILURE)
  if (signal === 'SIGINT' || signal === 'SIGTERM') return EXIT_OK
  logError(
    `the bot was ended by ${signal} before it had stopped in order. Nothing is lost: the next start takes up what is left.`,
  )
  return 128 + constants.signals[signal]
}

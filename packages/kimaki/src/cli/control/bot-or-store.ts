/**
 * One request of a command: a running bot answers it, and when none runs, this process does it in the database itself. Only one process
 * may have the database open, and it is the one that holds the lock: so the command holds the lock as long as it uses the database.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { TryLater } from '../../base/errors.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { prepareDataDir } from '../data-folder.ts'
import { withProgress } from '../terminal/progress.ts'
import { askRunningBot } from './ask-bot.ts'
import { callControl, refusalOf } from './call.ts'
import { portHolder, takeControl, type Control, type Place } from './lock.ts'

export interface BotRequest<Answer> {
  /** Done twice it must be the same as once: it is asked again when the process that had it ends before it answers. */
  readonly call: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown }
  /** How long the bot may take, ms; the default is 5 s. */
  readonly answerMs?: number
  /** The same without a bot. */
  readonly withStore: (store: StorePort) => Promise<Answer | Error>
}

const ANSWER_MS = 5000
/** A bot that starts or ends, or another command, holds the lock and serves nothing for a moment. */
const PATIENCE_MS = 5000
const POLL_MS = 50

export async function throughBotOrStore<Answer>(config: Config, request: BotRequest<Answer>): Promise<Answer | Error> {
  if (config.isAgent) return askRunningBot<Answer>(config, { ...request.call, timeoutMs: request.answerMs ?? ANSWER_MS })
  const unsafe = prepareDataDir(config.dataDir)
  if (unsafe) return unsafe
  const place: Place = { dataDir: config.dataDir, port: config.lockPort }
  for (const until = performance.now() + PATIENCE_MS; ; await pause(POLL_MS)) {
    const lock = await takeControl(place, {})
    if (lock instanceof Error) return lock
    if (lock) return inStore(config, lock, request.withStore)
    const answer = await askBot<Answer>(config.dataDir, request.call, request.answerMs)
    if (answer !== undefined) return answer
    if (performance.now() > until || (await portHolder(place, ANSWER_MS)) === 'foreign') return nobodyAnswers(config)
  }
}

async function inStore<Answer>(
  config: Config,
  lock: Control,
  work: (store: StorePort) => Promise<Answer | Error>,
): Promise<Answer | Error> {
  const { createStore } = await import('../../store/store.ts')
  const store = createStore(config.database)
  try {
    return store instanceof Error ? store : await work(store)
  } finally {
    if (!(store instanceof Error)) await store.close()
    await lock.close()
  }
}

/** Undefined when no bot is there to be asked, or it ended meanwhile. */
async function askBot<Answer>(
  dataDir: string,
  call: BotRequest<Answer>['call'],
  timeoutMs = ANSWER_MS,
): Promise<Answer | Error | undefined> {
  const answer = await withProgress('kimaki works on it', callControl({ dataDir, ...call, timeoutMs }))
  switch (answer.kind) {
    case 'answer':
      if (answer.status === 404) return undefined
      return answer.status === 200 ? (answer.body as Answer) : refusalOf(answer.status, answer.body)
    case 'silent':
      return new TryLater({ reason: `the kimaki that runs on ${dataDir} does not answer (${answer.reason}).` })
    case 'foreign':
    case 'nobody':
    case 'broken':
      return undefined
  }
}

const nobodyAnswers = ({ lockPort, dataDir }: Config): Error =>
  new Error(
    `port ${lockPort}, the lock of ${dataDir}, is taken, but no kimaki answers in that folder. If an older kimaki runs there, start kimaki anew; else set KIMAKI_LOCK_PORT to a free port for the bot and for this command.`,
  )

/** Asks the bot that runs on the data folder; what a verb does where none runs is the verb's affair. */
import { TryLater } from '../../base/errors.ts'
import type { Config } from '../config.ts'
import { withProgress } from '../terminal/progress.ts'
import { refusalOf, type ControlAnswer } from './call.ts'
import { callBot } from './call-bot.ts'

export interface BotCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  /** How long the bot may take, ms; the default is 30 s. */
  readonly timeoutMs?: number
}

const ANSWER_MS = 30_000

/** Without a bot: the sentence that says so, and 75. */
export async function askRunningBot<Answer>(config: Config, call: BotCall): Promise<Answer | Error> {
  const answer = await askBotOr<Answer | Error>(config, call, ({ kind }) =>
    kind === 'silent'
      ? new TryLater({ reason: `the kimaki that runs on ${config.dataDir} does not answer.` })
      : new TryLater({
          reason: `no kimaki runs on ${config.dataDir}, and this needs its OpenCode. Start kimaki, then run this again.`,
        }),
  )
  return answer
}

/** Where no bot answers, `instead` does it, which only reads: the bot may hang with the file open. */
export async function askBotOr<Answer>(
  config: Pick<Config, 'dataDir' | 'isAgent'>,
  { timeoutMs = ANSWER_MS, ...call }: BotCall,
  instead: (called: Exclude<ControlAnswer, { kind: 'answer' }>) => Promise<Answer | Error> | Answer | Error,
): Promise<Answer | Error> {
  const called = await withProgress('kimaki works on it', callBot(config, { ...call, timeoutMs }))
  // An agent asks its bot or nobody.
  if (called.kind !== 'answer')
    return config.isAgent ? new TryLater({ reason: 'the kimaki of this session does not answer.' }) : instead(called)
  return called.status === 200 ? (called.body as Answer) : refusalOf(called.status, called.body)
}

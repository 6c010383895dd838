/**
 * One request of a command: a running bot answers it, and when none runs, this process does it in the database itself. Only one process
 * may have the database open, and it is the one that holds the lock port: so the command holds the port as long as it uses the database.
 */
import { mkdirSync } from 'node:fs'
import { listenForControl } from '../../app/control/server.ts'
import { UsageError } from '../../base/errors.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { callControl } from './call.ts'
import { controlToken } from './token.ts'

export interface BotRequest<Answer> {
  readonly call: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown }
  /** The same without a bot. */
  readonly withStore: (store: StorePort) => Promise<Answer | Error>
}

const ANSWER_MS = 5000

export async function throughBotOrStore<Answer>(config: Config, request: BotRequest<Answer>): Promise<Answer | Error> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const token = controlToken(config.dataDir)
  const lock = await listenForControl(config.lockPort, token, {})
  if (!lock) return askBot<Answer>(config.lockPort, token, request.call)
  try {
    return await inStore(config, request.withStore)
  } finally {
    await lock.close()
  }
}

async function inStore<Answer>(config: Config, work: (store: StorePort) => Promise<Answer | Error>): Promise<Answer | Error> {
  const { createStore } = await import('../../store/store.ts')
  const store = createStore(config.database)
  if (store instanceof Error) return store
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function askBot<Answer>(port: number, token: string, call: BotRequest<Answer>['call']): Promise<Answer | Error> {
  const answer = await callControl({ port, token, ...call, timeoutMs: ANSWER_MS })
  switch (answer.kind) {
    case 'answer':
      return answer.status === 200 ? (answer.body as Answer) : refusal(answer.status, answer.body)
    case 'foreign':
      return new Error(
        `port ${port} is taken by another program. Set KIMAKI_LOCK_PORT to a free port for the bot and for this command.`,
      )
    case 'silent':
      return new Error(`port ${port} is taken, but the program there does not answer (${answer.reason}).`)
  }
}

/** 400: the request itself is at fault, and asking again is of no use. */
function refusal(status: number, body: unknown): Error {
  const reason = (body as { readonly error?: string } | undefined)?.error ?? `the bot answered ${status}`
  return status === 400 ? new UsageError({ reason }) : new Error(reason)
}

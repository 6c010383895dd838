/**
 * "OpenCode alone": the same program, configuration, model and folder as the bot's, driven by the shortest client there is. One
 * kept-alive connection for calls, one event stream; the clock stops at the `message.part.updated` that holds the whole text.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { openCodeTestEnvironment } from 'scripted-model'
import { findBinary } from '../src/opencode/process/binary.ts'
import type { Call } from '../src/opencode/wire/http.ts'
import { read } from '../src/opencode/wire/read.ts'
import type { LiveServer } from '../src/opencode/process/server.ts'
import { startServer } from '../src/opencode/process/start.ts'
import type { Harness } from '../test/support/harness.ts'
import { readEvents, type Event } from './events.ts'
import { tokenFor } from './script.ts'

export interface BareOpenCode {
  openSession(directory: string): Promise<string>
  /** Resolves when the session is idle again; `at` is when the answer's text was there (`performance.now()`). */
  ask(session: string, text: string, tag: string): Promise<{ readonly at: number }>
  stop(): Promise<void>
}

const PATIENCE_MS = 60_000
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export async function startBareOpenCode(harness: Harness): Promise<BareOpenCode> {
  const life = new AbortController()
  const server = await listeningServer(harness, life.signal)
  const waiting = new Set<(event: Event) => void>()
  const events = await server.http.stream('/global/event', life.signal, 10_000)
  if (events instanceof Error) throw events
  const reading = readEvents(events, (event) => {
    for (const listener of waiting) listener(event)
  })

  async function call(what: Call): Promise<unknown> {
    const answer = await server.http.call({ deadlineMs: PATIENCE_MS, ...what })
    if (answer instanceof Error) throw new Error(`OpenCode alone: ${answer.message}`)
    return answer.json
  }

  return {
    async openSession(directory) {
      return String(read<{ id: string }>(await call({ method: 'POST', path: '/session', directory, body: {} })).text('id'))
    },
    async ask(session, text, tag) {
      const over = answered(waiting, session, () => tokenFor(harness.model, tag))
      await call({ method: 'POST', path: `/session/${session}/prompt_async`, body: { parts: [{ type: 'text', text }] } })
      return over
    },
    async stop() {
      await server.end()
      life.abort()
      await reading
    },
  }
}

async function listeningServer(harness: Harness, stopped: AbortSignal): Promise<LiveServer> {
  const environment = openCodeTestEnvironment(join(harness.dir, 'alone'))
  cpSync(join(harness.dir, 'opencode', 'config'), join(harness.dir, 'alone', 'config'), { recursive: true })
  const binary = findBinary(undefined)
  if (binary instanceof Error) throw new Error(`OpenCode alone: ${binary.message}`)
  const output = join(harness.dir, 'alone', 'output')
  const started = await startServer(binary, { log: quiet, environment, output, remember: async () => undefined, stopped })
  if (started instanceof Error) throw new Error(`OpenCode alone: ${started.message}`)
  return started
}

/** First the part with the whole text, then the end of the run. */
function answered(
  waiting: Set<(event: Event) => void>,
  session: string,
  token: () => string | undefined,
): Promise<{ readonly at: number }> {
  const over = Promise.withResolvers<{ readonly at: number }>()
  const timer = setTimeout(() => over.reject(new Error(`OpenCode alone: no answer in ${session}`)), PATIENCE_MS)
  let at: number | undefined
  const listener = ({ type, properties }: Event): void => {
    if (properties['sessionID'] !== session) return
    if (at === undefined && type === 'message.part.updated' && holds(properties['part'], token())) at = performance.now()
    if (at !== undefined && type === 'session.idle') over.resolve({ at })
  }
  waiting.add(listener)
  return over.promise.finally(() => {
    clearTimeout(timer)
    waiting.delete(listener)
  })
}

function holds(part: unknown, token: string | undefined): boolean {
  const text = read<{ text: string }>(part).text('text')
  return token !== undefined && text !== undefined && text.includes(token)
}

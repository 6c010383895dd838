/**
 * Writes speech down on this machine, in a process of its own, one recording after the other: it decodes what strangers have sent, by
 * libraries that are not written in JavaScript, and keeps a core busy. The process begins with the first recording, and ends after a minute
 * without one.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { VoiceRefused, VoiceUnavailable } from '../../../base/errors.ts'
import { SerialQueue } from '../../../base/serial.ts'
import type { Log } from '../../../ports/host.ts'
import type { Recording } from '../../../ports/voice/transcriber.ts'
import type { Environment } from '../providers.ts'
import { localFilesIn, type LocalFiles } from './place.ts'

export interface ListenerOptions {
  readonly dataDir: string
  readonly environment: Environment
  readonly log: Log
  readonly restMs?: number
}

/** What the process is asked. */
export interface ListenRequest {
  readonly files: LocalFiles
  readonly mime: string
  readonly bytes: Uint8Array
  /** For `ffmpeg`, which is looked for there. */
  readonly path: string
}

/** `refused`: a sentence without its beginning. */
export type ListenAnswer = { readonly text: string } | { readonly refused: string }

const REST_MS = 60_000

type Heard = string | VoiceRefused | VoiceUnavailable

export class Listener {
  readonly #queue = new SerialQueue()
  readonly #options: ListenerOptions
  #child: ChildProcess | undefined
  #rest: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** Rejects only when the signal aborts; then the process is ended, since it cannot be asked to stop. */
  listen(recording: Recording, signal: AbortSignal): Promise<Heard> {
    return this.#queue.run(async () => {
      signal.throwIfAborted()
      return this.#isStopped ? new VoiceUnavailable({ reason: 'Kimaki is stopping' }) : this.#ask(recording, signal)
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#rest)
    const child = this.#child
    if (!child) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  async #ask({ bytes, mime }: Recording, signal: AbortSignal): Promise<Heard> {
    clearTimeout(this.#rest)
    const child = (this.#child ??= this.#start())
    const { dataDir, environment, restMs = REST_MS } = this.#options
    const answered = Promise.withResolvers<Heard>()
    const onMessage = (answer: ListenAnswer): void => answered.resolve(heardOf(answer))
    const onEnd = (): void => answered.resolve(new VoiceUnavailable({ reason: 'the program that writes speech down has ended' }))
    const onAbort = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', onAbort, { once: true })
    child.once('message', onMessage).once('exit', onEnd).once('error', onEnd)
    const request: ListenRequest = { files: localFilesIn(dataDir), mime, bytes, path: environment['PATH'] ?? '' }
    child.send(request, (error) => error && onEnd())
    const heard = await answered.promise
    signal.removeEventListener('abort', onAbort)
    child.off('message', onMessage).off('exit', onEnd).off('error', onEnd)
    this.#rest = setTimeout(() => this.#child?.disconnect(), restMs)
    this.#rest.unref()
    signal.throwIfAborted()
    return heard
  }

  /** It has nothing of the environment, and ends when the bot does. */
  #start(): ChildProcess {
    const child = fork(findProgram(), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      execArgv: [],
    })
    const forget = (): void => void (this.#child = this.#child === child ? undefined : this.#child)
    child.once('exit', forget).once('disconnect', forget).on('error', forget)
    child.unref()
    child.channel?.unref()
    return child
  }
}

const heardOf = (answer: ListenAnswer): Heard => ('text' in answer ? answer.text : new VoiceRefused({ reason: answer.refused }))

/** Beside the bundle, or in the checkout. */
function findProgram(): string {
  const found = ['listen.js', 'listen.ts'].map((name) => join(import.meta.dirname, name)).find((path) => existsSync(path))
  return found ?? join(import.meta.dirname, 'listen.js')
}

/**
 * Makes images smaller in a process of its own, one after the other. It decodes what strangers have sent, by a library that is not written in
 * JavaScript: should that crash, or never end, neither the bot nor its token is there. The process begins with the first large image, and ends
 * after a minute without one.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SerialQueue } from '../../base/serial.ts'
import { isHeif } from '../../domain/message/file-content.ts'
import { isTooLarge } from '../../domain/message/image-size.ts'
import type { Log } from '../../ports/host.ts'
import type { Images, SmallerImage } from '../../ports/images.ts'

export interface ShrinkerOptions {
  readonly log: Log
  readonly program?: string | undefined
  /** How long one image may take, and how long the process stays without one. */
  readonly limits?: { readonly imageMs: number; readonly restMs: number }
}

/** A photo of 12 megapixels took 1.2 s on a busy machine, and the process 0.5 s to begin. */
const LIMITS = { imageMs: 20_000, restMs: 60_000 }

export function createImages({ log, program = findProgram(), limits = LIMITS }: ShrinkerOptions): Images {
  const shrinker = program === undefined ? undefined : new Shrinker(program, limits, log)
  return {
    shrink: async (image) => (shrinker && (isTooLarge(image) || isHeif(image)) ? shrinker.shrink(image) : undefined),
    stop: async () => shrinker?.stop(),
  }
}

/** The library comes with Kimaki, and runs on most kinds of machines. */
export const canShrink = (): Promise<boolean> =>
  import('sharp').then(
    () => true,
    () => false,
  )

/** Beside the bundle, or in the checkout. Undefined: it would have nothing to work with. */
function findProgram(): string | undefined {
  try {
    createRequire(import.meta.url).resolve('sharp')
  } catch {
    return undefined
  }
  return ['resize-image.js', 'resize.ts'].map((name) => join(import.meta.dirname, name)).find((path) => existsSync(path))
}

class Shrinker {
  readonly #queue = new SerialQueue()
  #child: ChildProcess | undefined
  #rest: NodeJS.Timeout | undefined
  #isStopped = false
  readonly #program: string
  readonly #limits: typeof LIMITS
  readonly #log: Log

  constructor(program: string, limits: typeof LIMITS, log: Log) {
    this.#program = program
    this.#limits = limits
    this.#log = log
  }

  shrink(image: Uint8Array): Promise<SmallerImage | undefined> {
    return this.#queue.run(async () => (this.#isStopped ? undefined : this.#ask(image)))
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

  async #ask(image: Uint8Array): Promise<SmallerImage | undefined> {
    clearTimeout(this.#rest)
    const child = (this.#child ??= this.#start())
    const answered = Promise.withResolvers<SmallerImage | undefined>()
    const onMessage = (answer: SmallerImage | null): void => answered.resolve(answer ?? undefined)
    const onEnd = (): void => answered.resolve(undefined)
    const timer = setTimeout(() => {
      this.#log.warn('an image took too long to be made smaller: it stays as it is', { bytes: image.length })
      child.kill('SIGKILL')
    }, this.#limits.imageMs)
    child.once('message', onMessage).once('exit', onEnd).once('error', onEnd)
    child.send(image, (error) => error && onEnd())
    const answer = await answered.promise
    clearTimeout(timer)
    child.off('message', onMessage).off('exit', onEnd).off('error', onEnd)
    this.#rest = setTimeout(() => this.#child?.disconnect(), this.#limits.restMs)
    this.#rest.unref()
    return answer
  }

  /** It has nothing of the environment, and ends when the bot does. */
  #start(): ChildProcess {
    const child = fork(this.#program, [], {
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

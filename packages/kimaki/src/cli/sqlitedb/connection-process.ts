/** The process of one connection (`store/hrana/program.ts`), which ends with a statement that takes too long. */
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Mode } from '../../store/hrana/connection.ts'
import type { HranaError } from '../../store/hrana/protocol.ts'
import type { Asked, Told } from '../../store/hrana/program.ts'

export class ConnectionProcess {
  readonly #child: ChildProcess
  #isGone = false

  constructor(file: string, mode: Mode) {
    // It gets no environment, and so no secret of the bot.
    this.#child = fork(program(), [file, mode], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    this.#child.on('exit', () => (this.#isGone = true)).on('error', () => (this.#isGone = true))
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** One at a time. The results as JSON, or why there are none; then the process is gone. */
  async ask(requests: readonly unknown[], patience: AbortSignal): Promise<string | HranaError> {
    const child = this.#child
    if (this.#isGone || patience.aborted) return this.#ended(patience)
    const told = await new Promise<Told | undefined>((resolve) => {
      const end = (message?: unknown): void => {
        child.off('message', end).off('exit', gone)
        patience.removeEventListener('abort', gone)
        resolve(message as Told | undefined)
      }
      const gone = (): void => end()
      child.on('message', end).on('exit', gone)
      patience.addEventListener('abort', gone)
      child.send({ requests } satisfies Asked, (error) => error && end())
    })
    if (told === undefined) return this.#ended(patience)
    return 'results' in told ? told.results : told.failure
  }

  /** What the stream has begun is rolled back. The process may serve another one. */
  endStream(): void {
    this.#child.send({} satisfies Asked, () => undefined)
  }

  kill(): void {
    this.#isGone = true
    this.#child.kill('SIGKILL')
  }

  #ended(patience: AbortSignal): HranaError {
    this.kill()
    return patience.aborted
      ? { code: 'QUERY_TIMEOUT', message: 'It took too long and was ended; a transaction of this stream was rolled back.' }
      : { code: 'CONNECTION_LOST', message: 'The process of this stream has ended, maybe because it took too much memory.' }
  }
}

/** In the checkout, or beside the bundle. */
function program(): string {
  const places = ['../../store/hrana/program.ts', 'sql-connection.js'].map((place) => join(import.meta.dirname, place))
  return places.find((path) => existsSync(path)) ?? ''
}

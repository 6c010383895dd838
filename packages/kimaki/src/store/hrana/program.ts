/**
 * A program of its own for one connection: SQLite cannot be told to stop a statement, and a thread that is inside of one ends with it only,
 * and the process with its threads. So a statement that takes too long ends by ending its process.
 *
 * It is started with the file and the mode, gets the requests of a pipeline over its channel, and answers with their results as JSON text.
 */
import { Worker } from 'node:worker_threads'
import { Connection, type Mode } from './connection.ts'
import { errorToWire, type HranaError } from './protocol.ts'

export interface Asked {
  /** Undefined: the stream ends. The next request begins another one. */
  readonly requests?: readonly unknown[]
}

export type Told = { readonly results: string } | { readonly failure: HranaError }

const [file = '', mode = 'read'] = process.argv.slice(2)
let connection: Connection | undefined

process.on('message', ({ requests }: Asked) => {
  if (requests === undefined) {
    connection?.close()
    connection = undefined
    return
  }
  process.send?.(answer(requests))
})
process.on('disconnect', () => process.exit())

function answer(requests: readonly unknown[]): Told {
  try {
    connection ??= new Connection(file, mode as Mode)
    return { results: JSON.stringify(connection.answer(requests)) }
  } catch (error) {
    return { failure: errorToWire(error) }
  }
}

/** Looks from a thread of its own, since this one may be inside of a statement: the bot has died, or too much memory is taken. */
const WATCH = `
  const { ppid } = process
  setInterval(() => {
    if (process.ppid !== ppid || process.memoryUsage.rss() > ${512 * 2 ** 20}) process.kill(process.pid, 'SIGKILL')
  }, 250)`
new Worker(WATCH, { eval: true }).unref()

/** The command line in this process: what it writes is caught, the terminal and what is piped in are stand-ins. */
import { Readable } from 'node:stream'
import { runLine } from '../../../src/cli/main.ts'
import { takeControl, type Control } from '../../../src/cli/control/lock.ts'

export interface Told {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Screen {
  /** Of a terminal; undefined: it is piped. */
  readonly columns?: number
  readonly input?: string
}

/** One at a time: the streams are those of the process. */
export async function kimaki(args: readonly string[], environment: Environment, screen: Screen = {}): Promise<Told> {
  const told = { stdout: '', stderr: '' }
  const restore = [
    ...(['stdout', 'stderr'] as const).map((name) => {
      const stream = process[name]
      const given = Object.getOwnPropertyDescriptors(stream)
      const caught = (text: string | Uint8Array): boolean => {
        told[name] += String(text)
        return true
      }
      const stand = { write: caught, isTTY: screen.columns !== undefined, columns: screen.columns }
      for (const [key, value] of Object.entries(stand))
        Object.defineProperty(stream, key, { value, configurable: true, writable: true })
      return () => {
        for (const key of Object.keys(stand))
          if (given[key]) Object.defineProperty(stream, key, given[key])
          else Reflect.deleteProperty(stream, key)
      }
    }),
    standInForStdin(screen.input ?? ''),
  ]
  try {
    return { code: await runLine(args, environment), ...told }
  } finally {
    for (const back of restore) back()
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

function standInForStdin(input: string): () => void {
  const given = Object.getOwnPropertyDescriptor(process, 'stdin')
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true })
  return () => void (given && Object.defineProperty(process, 'stdin', given))
}

/** A bot that answers every route as it is told; with `held` it takes the question, and keeps it until that resolves. */
export async function botOn(
  dataDir: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<Control & { hold(until: Promise<void>): Promise<string> }> {
  let held: Promise<void> | undefined
  let asked: (route: string) => void = () => undefined
  const routes = Object.entries(answers).map(([route, answer]) => [
    route,
    async () => {
      asked(route)
      await held
      return answer
    },
  ])
  const control = await takeControl({ dataDir, port: 0 }, Object.fromEntries(routes))
  if (!control || control instanceof Error) throw control ?? new Error('no lock')
  return {
    ...control,
    async hold(until) {
      held = until.finally(() => (held = undefined))
      return new Promise((resolve) => (asked = resolve))
    },
  }
}

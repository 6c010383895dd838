/** One process of the bot, from its start to its exit. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The product is spawned, never imported. */
const PROGRAM = fileURLToPath(new URL('../../../kimaki/bin/kimaki.cjs', import.meta.url))

export interface Exit {
  readonly pid: number | undefined
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Life {
  readonly pid: number | undefined
  /** Resolves when the bot says that it listens to Discord; never, if it ends before. */
  readonly ready: Promise<void>
  readonly exited: Promise<Exit>
  /** What it last wrote to its log. */
  lastWords(): string
  signal(signal: NodeJS.Signals): void
}

/** `environment` is the whole environment. A group of its own: Ctrl-C in the terminal reaches the playground, which ends it in order. */
export function beginLife(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  program: string = PROGRAM,
): Life {
  const child = spawn(process.execPath, [program, ...args], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const words: string[] = []
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (isReadyLine(line)) isReady()
    else if (line !== '') remember(words, line)
  })
  createInterface({ input: child.stderr }).on('line', (line) => remember(words, line))
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      remember(words, error.message)
      if (child.pid === undefined) resolve({ pid: undefined, code: null, signal: null })
    })
    child.once('exit', (code, signal) => {
      // Its last lines may still be on their way; a child of its own that holds the pipe must not hold us.
      const exit = { pid: child.pid, code, signal }
      const deadline = setTimeout(() => resolve(exit), LAST_LINES_MS)
      child.once('close', () => {
        clearTimeout(deadline)
        resolve(exit)
      })
    })
  })
  return { pid: child.pid, ready, exited, lastWords: () => words.join('\n'), signal: (signal) => void child.kill(signal) }
}

/** `data: {"type":"ready",…}`: what the bot writes for programs, as server-sent events. */
function isReadyLine(line: string): boolean {
  if (!line.startsWith('data: ')) return false
  try {
    const event: unknown = JSON.parse(line.slice('data: '.length))
    return typeof event === 'object' && event !== null && 'type' in event && event.type === 'ready'
  } catch {
    return false
  }
}

function remember(words: string[], line: string): void {
  words.push(line)
  if (words.length > LINES_KEPT) words.shift()
}

const LINES_KEPT = 12
const LAST_LINES_MS = 100

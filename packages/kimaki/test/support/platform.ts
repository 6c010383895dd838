/** A platform that starts kimaki for its users: the program of the seed, which reads events from the child's stdout and nothing else. */
import { spawn } from 'node:child_process'
import { createParser } from 'eventsource-parser'
import { until } from './until.ts'

export interface PlatformEvent {
  readonly type: 'install_url' | 'authorized' | 'ready' | 'error'
  readonly url?: string
  readonly guild_id?: string
  readonly app_id?: string
  readonly guild_ids?: readonly string[]
  readonly message?: string
  readonly install_url?: string
}

export interface Provisioned {
  readonly pid: number
  readonly events: readonly PlatformEvent[]
  /** Resolves with the first event of the kind. */
  event(type: PlatformEvent['type']): Promise<PlatformEvent>
  stdout(): string
  stderr(): string
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

/** `env` holds the PATH on which `kimaki` is, and a `KIMAKI_LOCK_PORT` of the user's own. */
export function provision(dataDir: string, env: Readonly<Record<string, string>>, flags: readonly string[] = []): Provisioned {
  const child = spawn('kimaki', ['--gateway', '--data-dir', dataDir, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const events: PlatformEvent[] = []
  let stdout = ''
  let stderr = ''
  const parser = createParser({ onEvent: (sseEvent) => void events.push(JSON.parse(sseEvent.data) as PlatformEvent) })
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    parser.feed(chunk.toString())
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  let isOver = false
  void exited.then(() => (isOver = true))
  return {
    pid: child.pid ?? -1,
    events,
    exited,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    async event(type) {
      const found = (): PlatformEvent | undefined => events.find((event) => event.type === type)
      await until(`${type} of ${dataDir}`, () => found() !== undefined || isOver)
      const event = found()
      if (!event) throw new Error(`no ${type}: ${stdout}\n${stderr}`)
      return event
    },
  }
}

/** The OpenCode servers of a bot: as it tells them, and as the system has them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerStatus } from '../../src/ports/agent.ts'
import { callBot } from './link-project.ts'
import { until } from './until.ts'
import type { Harness } from './harness.ts'
import { isAlive } from './bot-process.ts'

/** `GET /status`. */
export async function servers({ dataDir }: Harness): Promise<readonly ServerStatus[]> {
  const { body } = await callBot(dataDir, 'GET', '/status')
  return (body as { readonly servers: readonly ServerStatus[] }).servers
}

/** The servers once they satisfy `enough`. */
export async function untilServers(
  harness: Harness,
  what: string,
  enough: (all: readonly ServerStatus[]) => boolean,
): Promise<readonly ServerStatus[]> {
  let all: readonly ServerStatus[] = []
  const told = (): string => `${what}; servers: ${JSON.stringify(all)}`
  return until(told, async () => {
    all = await servers(harness)
    return enough(all) && all
  })
}

/** The pid of the server that serves the folder. */
export async function pidFor(harness: Harness, directory: string): Promise<number> {
  const serves = ({ directories }: ServerStatus): boolean => directories.includes(directory)
  return found((await untilServers(harness, `a server for ${directory}`, (all) => all.some(serves))).find(serves)?.pid)
}

/** The server that was started last, as the log of the bots names it. */
export function newestServer({ dataDir }: Pick<Harness, 'dataDir'>): number {
  const lines = readFileSync(join(dataDir, 'kimaki.log'), 'utf8').split('\n').filter(Boolean)
  return found(lines.flatMap((line) => (JSON.parse(line) as { readonly pid?: number }).pid ?? []).at(-1))
}

function found(pid: number | undefined): number {
  if (pid === undefined) throw new Error('No OpenCode server was found')
  return pid
}

/** Every OpenCode process that was started from this data folder, whoever knows of it. */
export function processesOf({ dataDir }: Pick<Harness, 'dataDir'>): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/cwd`) === dataDir &&
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0serve\0--hostname\0') &&
          isAlive(pid)
        )
      } catch {
        return false
      }
    })
}

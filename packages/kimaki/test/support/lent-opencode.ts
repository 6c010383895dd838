/**
 * A real OpenCode that a test run keeps warm and lends to one harness after the other, one for each worker of vitest: to start one costs
 * 6 to 7 s of CPU time, another project in a running one costs 1 s. The harness writes its record into the database of the bot, and the
 * bot adopts it as it would adopt the server of an earlier bot. A test that ends it costs the next harness a start, nothing else.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { openCodeTestEnvironment } from 'scripted-model'
import { linksIn, pluginEnvironment } from '../../src/opencode/plugin/environment.ts'
import { agentShell, PASSWORD } from '../../src/opencode/secrets/agent-shell.ts'
import { findBinary } from '../../src/opencode/process/binary.ts'
import { identify } from '../../src/opencode/process/process.ts'
import type { ServerRecord } from '../../src/ports/agent.ts'
import { freePort } from './bot-process.ts'
import { until } from './until.ts'
import { signalToGroup } from './pids.ts'

export interface LentOpenCode {
  readonly record: ServerRecord
  /** Its folders and settings, which a bot and its further servers share. */
  readonly environment: Readonly<Record<string, string>>
  /** Ends what still runs in a folder and forgets it. */
  letGo(directory: string): Promise<void>
}

/** Where the servers of this test run lie; undefined where nobody would end them. */
export const SHARED_FOLDER = 'KIMAKI_TEST_SHARED'

const START_MS = 60_000
const CALL_MS = 5000

/** `dataDir`: of the bot that borrows it, so that the plugin finds this bot. */
export async function lendOpenCode(shared: string, dataDir?: string): Promise<LentOpenCode> {
  const folder = join(shared, `opencode-${process.env['VITEST_POOL_ID'] ?? '0'}`)
  const environment = openCodeTestEnvironment(folder)
  const file = join(folder, 'record.json')
  const left = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerRecord) : undefined
  const record = left && isThere(left) ? left : await start(folder, environment)
  writeFileSync(file, JSON.stringify(record))
  rmSync(linksIn(folder), { force: true })
  if (dataDir !== undefined) symlinkSync(linksIn(dataDir), linksIn(folder))
  return { record, environment, letGo: async (directory) => void (await call(record, 'POST', '/instance/dispose', directory)) }
}

/** Ends all that were started in the folder. */
export function endLent(shared: string): void {
  const files = readdirSync(shared).map((name) => join(shared, name, 'record.json'))
  for (const file of files.filter((name) => existsSync(name))) {
    const record = JSON.parse(readFileSync(file, 'utf8')) as ServerRecord
    if (isThere(record)) signalToGroup(record.pid, 'SIGKILL')
  }
}

const isThere = ({ pid, startTicks }: ServerRecord): boolean => identify(pid)?.startTicks === startTicks

async function start(folder: string, environment: Readonly<Record<string, string>>): Promise<ServerRecord> {
  const binary = findBinary(undefined)
  if (binary instanceof Error) throw binary
  const password = randomBytes(16).toString('hex')
  const port = await freePort()
  const cwd = join(folder, 'nowhere')
  mkdirSync(cwd, { recursive: true })
  const output = openSync(join(folder, 'output'), 'a')
  const plugin = pluginEnvironment(folder, environment)
  const child = spawn(binary, ['serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd,
    env: { ...environment, ...plugin, ...agentShell(folder, environment, Object.keys(plugin)), [PASSWORD]: password },
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  child.unref()
  const pid = child.pid ?? -1
  const record = { pid, startTicks: identify(pid)?.startTicks ?? '', port, password }
  await until(
    'OpenCode to answer',
    async () => (await call(record, 'GET', '/global/health'))?.includes('healthy') ?? false,
    START_MS,
  )
  return record
}

/** The body of a good answer. */
async function call(
  { port, password }: ServerRecord,
  method: string,
  path: string,
  directory?: string,
): Promise<string | undefined> {
  const headers = {
    authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`,
    ...(directory !== undefined && { 'x-opencode-directory': encodeURIComponent(directory) }),
  }
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, signal: AbortSignal.timeout(CALL_MS) })
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

/**
 * A real OpenCode that a test run keeps warm and lends to all harnesses, in every worker of vitest: to start one costs 6 to 7 s of CPU
 * time, another project in a running one costs 1 s. The first that needs it starts it. A harness writes its record into the database of
 * the bot, and the bot adopts it as it would adopt the server of an earlier bot. No test may end it, since others work with it at that
 * moment; but a bot ends a server that does not answer in time, which happens on a machine with much to do. Then another is started.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openCodeTestEnvironment } from 'scripted-model'
import { pluginEnvironment } from '../../src/opencode/plugin/environment.ts'
import { linkFile } from '../../src/cli/control/agent-links.ts'
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
  /** The plugin finds the bot on this data folder for the calls of a project. */
  leadTo(dataDir: string, directory: string): void
}

/** Where the servers of this test run lie; undefined where nobody would end them. */
export const SHARED_FOLDER = 'KIMAKI_TEST_SHARED'

/**
 * For a real server of one test, which lives for seconds: the optimizing compiler of JavaScriptCore takes a sixth of the CPU time of its
 * start and first answers (7.3 s, without it 6.1), and pays only later. The benchmarks run OpenCode as people do.
 */
export const SHORT_LIVED: Readonly<Record<string, string>> =
  process.env[SHARED_FOLDER] === undefined ? {} : { BUN_JSC_useDFGJIT: '0' }

const START_MS = 90_000
const CALL_MS = 5000

export async function lendOpenCode(shared: string): Promise<LentOpenCode> {
  const folder = join(shared, 'opencode')
  const environment = openCodeTestEnvironment(folder)
  const record = await living(folder, environment)
  return {
    record,
    environment,
    leadTo(dataDir, directory) {
      const link = linkFile(folder, directory)
      mkdirSync(dirname(link), { recursive: true })
      rmSync(link, { force: true })
      symlinkSync(linkFile(dataDir, directory), link)
    },
    letGo: async (directory) => void (await call(record, 'POST', '/instance/dispose', directory)),
  }
}

/** The newest that was started; one that has ended has a successor. */
async function living(folder: string, environment: Readonly<Record<string, string>>): Promise<ServerRecord> {
  for (let number = 1; ; number += 1) {
    if (isFirst(folder, number)) await start(folder, number, environment)
    const record = await until(
      'the OpenCode that is lent to be started by another worker',
      () => recordOf(folder, number),
      START_MS,
    )
    if (isThere(record)) return record
  }
}

/** Ends those that were started in the folder, if any. */
export function endLent(shared: string): void {
  const folder = join(shared, 'opencode')
  for (let number = 1; ; number += 1) {
    const record = recordOf(folder, number)
    if (!record) return
    if (isThere(record)) signalToGroup(record.pid, 'SIGKILL')
  }
}

/** Of all workers one makes the mark. */
function isFirst(folder: string, number: number): boolean {
  try {
    mkdirSync(join(folder, `is-started-${number}`))
    return true
  } catch {
    return false
  }
}

const recordFile = (folder: string, number: number): string => join(folder, `record-${number}.json`)

function recordOf(folder: string, number: number): ServerRecord | undefined {
  const file = recordFile(folder, number)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerRecord) : undefined
}

const isThere = ({ pid, startTicks }: ServerRecord): boolean => identify(pid)?.startTicks === startTicks

async function start(folder: string, number: number, environment: Readonly<Record<string, string>>): Promise<void> {
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
  const unfinished = `${recordFile(folder, number)}.unfinished`
  writeFileSync(unfinished, JSON.stringify(record))
  renameSync(unfinished, recordFile(folder, number))
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

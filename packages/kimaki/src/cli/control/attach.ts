/** OpenCode's terminal on a running server. The password of the server goes along in the environment: arguments can be read by everybody. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { inheritedEnvironment } from '../../base/environment.ts'
import { TryLater, UsageError } from '../../base/errors.ts'
import { findBinary } from '../../opencode/process/binary.ts'
import { HttpClient, sessionPath } from '../../opencode/wire/http.ts'
import type { RememberedServer } from '../../ports/agent.ts'

interface AttachTarget {
  readonly port: number
  readonly password: string
  readonly directory: string
}

const ANSWER_MS = 5000

/** All servers know all sessions, but a session must run on one server only: the one that serves its folder. */
export async function serverOf(
  servers: readonly RememberedServer[],
  session: string,
  directoryOf = askDirectory,
): Promise<AttachTarget | Error> {
  let isAnybodyThere = false
  for (const { record } of servers) {
    const known = await directoryOf(record, session)
    if (known === 'no server') continue
    isAnybodyThere = true
    const { directory } = known
    if (directory === undefined) continue
    const own = servers.find(({ directories }) => directories.includes(directory))
    const isThere = own && (await directoryOf(own.record, session)) !== 'no server'
    return isThere
      ? { port: own.record.port, password: own.record.password, directory }
      : new TryLater({ reason: notServed(directory) })
  }
  return isAnybodyThere
    ? new UsageError({ reason: `OpenCode knows no session ${session}. /session-id in a thread tells its id.` })
    : new TryLater({ reason: NO_SERVER })
}

const NO_SERVER = 'no OpenCode server of kimaki runs on this machine. Write a message in the thread, then run this again.'
const notServed = (directory: string): string =>
  `no OpenCode server of kimaki serves ${directory} now. Write a message in the thread, then run this again.`

/** `directory`: the folder that the session lives in; undefined: the server knows no such session. */
type Known = 'no server' | { readonly directory: string | undefined }

async function askDirectory({ port, password }: RememberedServer['record'], session: string): Promise<Known> {
  const http = new HttpClient({ port, password }, new AbortController().signal)
  try {
    const health = await http.call({ method: 'GET', path: '/global/health', deadlineMs: ANSWER_MS })
    if (health instanceof Error) return 'no server'
    const found = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: ANSWER_MS })
    const { directory } = found instanceof Error ? {} : (found.json as { readonly directory?: string })
    return { directory }
  } finally {
    http.close()
  }
}

export const attachArguments = ({ port, directory }: AttachTarget, session: string): readonly string[] => [
  'attach',
  `http://127.0.0.1:${port}`,
  '--session',
  session,
  '--dir',
  directory,
]

/** Resolves with the exit code of the terminal. */
export async function openTerminal(
  target: AttachTarget,
  session: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number | Error> {
  const binary = findBinary(environment['OPENCODE_PATH'])
  if (binary instanceof Error) return binary
  const env = { ...inheritedEnvironment(environment), OPENCODE_SERVER_PASSWORD: target.password }
  const terminal = spawn(binary, attachArguments(target, session), { stdio: 'inherit', env })
  const [code] = (await once(terminal, 'exit')) as readonly (number | null)[]
  return code ?? 1
}

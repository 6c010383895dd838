/** A verb of the command line as another program calls it: its arguments, what is piped in, and what it answers. */
import { spawn } from 'node:child_process'
import { programOf } from './programs.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Resolves when the process has ended. */
export function runCli(env: Readonly<Record<string, string>>, args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [programOf(), ...args], { env, stdio: 'pipe' })
  // A command that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => undefined).end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

/**
 * Which OpenCode a program is, by its own word and before it is started as a server: generation 2 answers other paths, so that a start would
 * only end after the 30 s in which health is waited for. `--version` prints the bare number, from generation 2 on `opencode v2.0.16`.
 */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { inheritedEnvironment } from '../../base/environment.ts'
import { AgentUnavailable } from '../../base/errors.ts'

/** Older ones lack what Kimaki asks for, and some obey whoever reaches them (CVE-2026-22812). The minor of the pinned package. */
export const OLDEST = [1, 18] as const
/** Minors whose answers and events Kimaki's tests know. */
const RECORDED: readonly string[] = ['1.18']
/** The real one takes 1.1 s. */
const SAYS_WITHIN_MS = 10_000

type Environment = Readonly<Record<string, string | undefined>>

/** What is wrong with this version, if anything is. */
export function refusedVersion(version: string | undefined): AgentUnavailable | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(version ?? '') ?? []
  const [generation, oldestMinor] = OLDEST
  if (Number(major) > generation)
    return new AgentUnavailable({
      reason: `OpenCode is not used: it is version ${version}, and Kimaki speaks with generation ${generation} only (${OLDEST.join('.')} or newer). Unset OPENCODE_PATH to use the one that is installed with Kimaki, or name one of that generation`,
    })
  if (Number(major) === generation && Number(minor) >= oldestMinor) return undefined
  return new AgentUnavailable({
    reason: `OpenCode is not used: its version is ${version ?? 'not told'}, and Kimaki needs ${OLDEST.join('.')} or newer. Update the program that OPENCODE_PATH names, or unset OPENCODE_PATH`,
  })
}

/** Has Kimaki been tried with it? */
export const isRecorded = (version: string): boolean => RECORDED.some((minor) => version.startsWith(`${minor}.`))

/** The number in what `--version` printed. */
export const versionIn = (output: string): string | undefined => /^(?:opencode\s+)?v?(\d+\.\d+\.\d+\S*)\s*$/im.exec(output)?.[1]

const said = new Map<string, Promise<string | undefined>>()

/** Undefined for a program that does not say it: its start will tell why. A program that stays the same is asked once. */
export function versionOf(binary: string, environment: Environment): Promise<string | undefined> {
  const { mtimeMs, size } = statSync(binary, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 }
  const key = [binary, mtimeMs, size].join('\n')
  const known = said.get(key) ?? askVersion(binary, environment)
  said.set(key, known)
  return known
}

function askVersion(binary: string, environment: Environment): Promise<string | undefined> {
  // Not in a project: even this may read the configuration of the folder it runs in.
  const options = { cwd: '/', env: inheritedEnvironment(environment), timeout: SAYS_WITHIN_MS, killSignal: 'SIGKILL' } as const
  return new Promise((resolve) => execFile(binary, ['--version'], options, (_error, stdout) => resolve(versionIn(stdout))))
}

/** The program, unless it says that it is of a version that Kimaki cannot use. */
export async function checkVersion(binary: string, environment: Environment): Promise<string | AgentUnavailable> {
  const version = await versionOf(binary, environment)
  return (version === undefined ? undefined : refusedVersion(version)) ?? binary
}

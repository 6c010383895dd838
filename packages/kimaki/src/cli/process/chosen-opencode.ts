/** Looks at the OpenCode that the user has chosen before this start takes anything over: with a wrong one the bot that runs would end for nothing. */
import type { AgentUnavailable } from '../../base/errors.ts'
import type { Log } from '../../ports/host.ts'
import { findBinary } from '../../opencode/process/binary.ts'
import { isRecorded, refusedVersion, versionOf } from '../../opencode/process/version.ts'
import type { Config } from '../config.ts'

/** What is wrong with its version. A program that is not there, or says none, is told of when an agent is needed. */
export async function refusedOpenCode(
  { environment }: Pick<Config, 'environment'>,
  log: Log,
): Promise<AgentUnavailable | undefined> {
  const chosen = environment['OPENCODE_PATH']
  const binary = chosen ? findBinary(chosen) : undefined
  if (binary === undefined || binary instanceof Error) return undefined
  const version = await versionOf(binary, environment)
  if (version === undefined) return undefined
  const refused = refusedVersion(version)
  if (!refused && !isRecorded(version)) log.warn(`Kimaki has not been tried with OpenCode ${version}`, { binary, version })
  return refused
}

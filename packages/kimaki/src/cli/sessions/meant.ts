/** Which session somebody means on the command line: its id, its thread (id or address), or the one used last. */
import { UsageError } from '../../base/errors.ts'
import { realDirectory } from '../directory.ts'
import { readChannel } from '../projects/channel-address.ts'

/** The body of a call about it. */
export interface Meant {
  readonly session: string | undefined
  readonly directory: string | undefined
}

export function meantSession(
  text: string | undefined,
  { last, project }: { readonly last?: true | undefined; readonly project?: string | undefined } = {},
): Meant | UsageError {
  if ((text === undefined) === (last === undefined))
    return new UsageError({ reason: 'Give a session: its id, the id or the address of its thread, or --last.' })
  if (last === undefined && project !== undefined) return new UsageError({ reason: '--project goes with --last.' })
  const directory = folderOf(project)
  if (directory instanceof Error) return directory
  const session = text === undefined ? undefined : readSession(text)
  return session instanceof Error ? session : { session, directory }
}

export function readSession(text: string): string | UsageError {
  if (/^ses_\w+$/.test(text)) return text
  const thread = readChannel(text)
  if (!(thread instanceof Error)) return thread.channelId
  return new UsageError({
    reason: `"${text}" names no session. Give its id (ses_…), or the id or the address of its thread. "kimaki session list" shows them.`,
  })
}

/** Undefined: all folders. One that is gone may have sessions. */
export function folderOf(project: string | undefined): string | undefined | UsageError {
  if (project === undefined) return undefined
  const directory = realDirectory(project)
  return directory instanceof Error && project.startsWith('/') ? project : directory
}

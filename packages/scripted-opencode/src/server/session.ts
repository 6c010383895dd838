import { VERSION } from './server.ts'
import { moment, newId } from '../base/ids.ts'
import { NO_TOKENS } from '../store/shapes.ts'
import type { Session } from '../store/shapes.ts'

/** A session that is not stored yet. */
export function newSession(
  { projectID, directory, path }: Pick<Session, 'projectID' | 'directory' | 'path'>,
  more: Partial<Pick<Session, 'title' | 'metadata' | 'permission' | 'parentID' | 'agent'>>,
): Session {
  const now = moment()
  return {
    id: newId('ses'),
    slug: 'scripted',
    version: VERSION,
    projectID,
    directory,
    path,
    title: untitled(),
    ...more,
    cost: 0,
    tokens: NO_TOKENS,
    time: { created: now, updated: now },
  }
}

/** Until the model has named it. */
const untitled = (): string => `New session - ${new Date().toISOString()}`

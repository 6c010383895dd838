/** The folders that OpenCode has worked in. */
import type { KnownProject } from '../../../ports/agent.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, type CallError, type Http } from '../../wire/http.ts'
import { readList } from '../../wire/read.ts'

/** All that is no repository is one project, whose folder is the root: it names no folder (OpenCode route: `/project`). */
export async function listProjects(http: Http, directory: string): Promise<readonly KnownProject[] | CallError> {
  const answer = await http.call({ method: 'GET', path: '/project', directory, deadlineMs: FIRST_TOUCH_MS })
  if (answer instanceof Error) return answer
  return readList<api.Project>(answer.json).flatMap((project) => {
    const folder = project.text('worktree')
    if (folder === undefined || folder === '/' || folder === '') return []
    const time = project.object('time')
    return [{ directory: folder, usedAt: time.number('updated') ?? time.number('created') ?? 0 }]
  })
}

/** Which session somebody may go on with by its id: OpenCode reads any of them from any folder. */
import { expect, test } from 'vitest'
import { SessionGone } from '../../src/base/errors.ts'
import { findSummary } from '../../src/opencode/session/history/summaries.ts'
import type { Call, Http } from '../../src/opencode/wire/http.ts'

const HERE = { id: 'ses_1', title: 'Fix the roof', directory: '/p', time: { updated: 7 } }
const summary = { id: 'ses_1', title: 'Fix the roof', updated: 7, sharedAt: undefined }
const gone = new SessionGone({ session: 'ses_1' })

function answering(json: unknown) {
  const asked: string[] = []
  async function call({ method, path }: Call) {
    asked.push(`${method} ${path}`)
    return json instanceof Error ? json : { json, next: undefined }
  }
  return { http: { call } as unknown as Http, asked }
}

test.each([
  ['of the folder', HERE, summary],
  ['of another folder', { ...HERE, directory: '/q' }, gone],
  ['of a folder inside', { ...HERE, directory: '/p/inside' }, gone],
  ['of a subagent', { ...HERE, parentID: 'ses_0' }, gone],
  ['that does not exist', gone, gone],
])('a session %s', async (_which, said, found) => {
  const { http, asked } = answering(said)
  expect(await findSummary(http, '/p', 'ses_1')).toEqual(found)
  expect(asked).toEqual(['GET /session/ses_1'])
})

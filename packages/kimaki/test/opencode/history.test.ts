/** What people go back to in a session. */
import { expect, test } from 'vitest'
import { readHistory } from '../../src/opencode/session/history/past.ts'
import type { Call, Http } from '../../src/opencode/wire/http.ts'

const time = { created: 1 }
const user = (id: string, ...parts: readonly object[]) => ({ info: { id, role: 'user', time }, parts })

test('messages of people: one without any part, by which only another model was named, is none', async () => {
  const messages = [
    user('msg_1', { type: 'text', text: 'plant a tree' }),
    { info: { id: 'msg_2', role: 'assistant', parentID: 'msg_1', time }, parts: [] },
    user('msg_3'),
    user('msg_4', { type: 'file' }),
  ]
  const http = {
    call: async ({ path }: Call) => ({ json: path.endsWith('/message') ? messages : { id: 'ses_1' }, next: undefined }),
  } as unknown as Http
  expect(await readHistory(http, 'ses_1')).toMatchObject({
    messages: [{ id: 'msg_1', words: 'plant a tree' }, { id: 'msg_2' }, { id: 'msg_4', words: '' }],
  })
})

/** Which messages of a session count as stored. */
import { expect, test } from 'vitest'
import type { Http } from '../../src/opencode/wire/http.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'
import { readSnapshot } from '../../src/opencode/session/snapshot.ts'

const user = (id: string, created: number) => ({ id, role: 'user', sessionID: 'ses_1', time: { created } })
const assistant = (id: string, parentID: string) => ({
  id,
  role: 'assistant',
  sessionID: 'ses_1',
  parentID,
  time: { created: 20, completed: 21 },
})

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/session/ses_1': { id: 'ses_1', directory: '/p', title: 't' },
  '/session/status': {},
  '/session/ses_1/message': [
    { info: user('msg_whole', 1), parts: [{ id: 'prt_1', type: 'text', text: 'hello' }] },
    { info: user('msg_emptied', 2), parts: [] },
    { info: assistant('msg_a', 'msg_emptied'), parts: [] },
    { info: user('msg_broken', 3), parts: [] },
  ],
}

test('a message that a plugin has emptied is there, since it was read; one that a dying server left without parts is not', async () => {
  const http: Pick<Http, 'call'> = { call: async ({ path }) => ({ json: ANSWERS[path], next: undefined }) }
  const ignore = () => undefined
  const events = new SessionEvents({ onEvent: ignore, lookUp: async () => undefined, onMissed: ignore })
  const read = await readSnapshot({ http: http as Http, events }, 'ses_1')
  if (read instanceof Error) throw read
  expect(read.messages.map(({ id }) => id)).toEqual(['msg_whole', 'msg_emptied', 'msg_a'])
})

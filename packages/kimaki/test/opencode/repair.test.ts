/** What a dead server broke off is removed from a session, and nothing else. */
import { expect, test } from 'vitest'
import { AgentRefused, AgentUnavailable, PromptGap } from '../../src/base/errors.ts'
import type { Call } from '../../src/opencode/wire/http.ts'
import type { Link } from '../../src/opencode/session/link.ts'
import { repair } from '../../src/opencode/session/repair.ts'

const time = { created: 1 }
const user = (id: string, parts: readonly unknown[] = [{ id: 'prt_u', type: 'text' }]) => ({
  info: { id, role: 'user', time },
  parts,
})
const answer = (id: string, more: object, ...parts: readonly unknown[]) => ({
  info: { id, role: 'assistant', parentID: 'msg_u', time, ...more },
  parts,
})
const text = { id: 'prt_t', type: 'text', text: '', time: { start: 1 } }
const tool = (status: string) => ({ id: 'prt_x', type: 'tool', tool: 'bash', state: { status } })

function session(messages: readonly object[], { status = 'idle', refuses = false } = {}) {
  const removed: string[] = []
  let reads = 0
  const json = (value: unknown) => ({ json: value, next: undefined })
  async function call({ method, path }: Call) {
    if (method === 'DELETE') {
      if (refuses) return new AgentRefused({ status: 409, reason: 'busy' })
      removed.push(path.split('/').at(-1) ?? '')
      return json(true)
    }
    reads += 1
    if (path === '/session/status') return json(status === 'idle' ? {} : { ses_1: { type: status } })
    return json(path.endsWith('/message') ? messages : { id: 'ses_1', directory: '/p' })
  }
  const link = { http: { call }, events: { learn: () => undefined }, repaired: new Set() } as unknown as Link
  return { link, removed, reads: () => reads }
}

const ASKED = { session: 'ses_1' }

test('an answer that was begun and never completed goes, and a user message without parts', async () => {
  const { link, removed } = session([
    user('msg_u'),
    answer('msg_cut', {}, text),
    answer('msg_typing', {}, tool('pending')),
    user('msg_empty', []),
  ])
  await repair(link, ASKED)
  expect(removed).toEqual(['msg_cut', 'msg_typing', 'msg_empty'])
})

const file = (id: string) => ({ id, type: 'file', mime: 'application/pdf', url: 'data:,' })
const refused = (id: string, message: string, statusCode = 400) =>
  answer(id, { error: { name: 'APIError', data: { message, statusCode } }, time: { created: 1, completed: 2 } })
const words = { id: 'prt_u', type: 'text' }

test.each([
  ['a PDF', 'The PDF specified was not valid.', 400],
  ['an image', 'messages.1.content.0.image: Could not process image', 400],
  ['a large file', 'The document exceeds the limit', 413],
])('%s that the provider refused goes before the next prompt, its words stay', async (_, message, status) => {
  const { link, removed } = session([user('msg_u', [words, file('prt_f')]), refused('msg_no', message, status)])
  await repair(link, ASKED)
  expect(removed).toEqual(['prt_f'])
})

test.each([
  ['another reason', [refused('msg_no', 'The model is not known')]],
  ['a key that is not valid', [refused('msg_no', 'Not allowed to read this file', 401)]],
  ['a provider that is busy', [refused('msg_no', 'Too many images', 429)]],
  ['a later answer', [refused('msg_no', 'bad image'), answer('msg_ok', { finish: 'stop' }, text)]],
])('files stay in the session for %s', async (_, answers) => {
  const { link, removed } = session([user('msg_u', [words, file('prt_f')]), ...answers])
  await repair(link, ASKED)
  expect(removed).toEqual([])
})

test('what was completed, failed, said its last word or had used a tool stays', async () => {
  const { link, removed } = session([
    user('msg_u'),
    answer('msg_done', { finish: 'stop', time: { created: 1, completed: 2 } }, text),
    answer('msg_last_word', { finish: 'stop' }, text),
    answer('msg_failed', { error: { name: 'APIError', data: {} } }),
    answer('msg_tool', {}, tool('running')),
  ])
  await repair(link, ASKED)
  expect(removed).toEqual([])
})

test('it is read once for each server', async () => {
  const { link, reads } = session([user('msg_u')])
  await repair(link, ASKED)
  await repair(link, ASKED)
  expect(reads()).toBe(3)
})

test.each([
  ['works', { status: 'busy' }],
  ['waits for its provider', { status: 'retry' }],
  ['began to work meanwhile', { refuses: true }],
])('a session that %s is left alone, and looked at again', async (_, how) => {
  const { link, removed, reads } = session([user('msg_u'), answer('msg_cut', {}, text)], how)
  await repair(link, ASKED)
  const once = reads()
  await repair(link, ASKED)
  expect(removed).toEqual([])
  expect(reads()).toBe(2 * once)
})

test('nothing is made of a server that does not answer', async () => {
  const { link } = session([])
  const dead = { ...link, http: { call: async () => new AgentUnavailable({ reason: 'gone' }) } } as unknown as Link
  await repair(dead, ASKED)
  expect(dead.repaired.size).toBe(0)
})

test('P3: the messages the prompt must stand after must be there, whole', async () => {
  const { link } = session([user('msg_u'), user('msg_empty', [])])
  expect(await repair(link, { ...ASKED, after: ['msg_u', 'msg_lost'] })).toEqual(new PromptGap({ missing: 'msg_lost' }))
  expect(await repair(link, { ...ASKED, after: ['msg_empty'] })).toEqual(new PromptGap({ missing: 'msg_empty' }))
  expect(await repair(link, { ...ASKED, after: ['msg_u'] })).toBeUndefined()
})

/** When a message counts as read, by the time it says that it was changed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AgentRefused } from '../../src/base/errors.ts'
import { recall } from '../../src/opencode/session/unread/recall.ts'
import type { Call } from '../../src/opencode/wire/http.ts'

const NOW = 1_000_000
beforeEach(() => vi.useFakeTimers({ now: NOW }))
afterEach(() => vi.useRealTimers())

const words = { id: 'prt_1', type: 'text', text: 'one' }
const emptiedAt = (at: number) => ({ ...words, text: '()', ignored: true, metadata: { recalled: at } })

/** `beginsAt`: when the step that could read the message shows. */
function session({ parts = [words], beginsAt }: { readonly parts?: readonly object[]; readonly beginsAt?: number }) {
  const stored = new Map(parts.map((part) => [(part as typeof words).id, part]))
  const changes: string[] = []
  const info = { id: 'msg_1', role: 'user', time: { created: 10 } }
  const begun = { info: { id: 'msg_a', role: 'assistant', parentID: 'msg_1', time: { created: beginsAt } } }
  async function call({ method, path, body }: Call) {
    const answer = (json: unknown) => ({ json, next: undefined })
    if (method !== 'GET') changes.push(`${method} ${JSON.stringify((body as typeof words | undefined)?.text)}`)
    if (method === 'PATCH') stored.set((body as typeof words).id, body as object)
    if (method !== 'GET') return answer(true)
    if (path.endsWith('/message/msg_1'))
      return stored.size === 0 ? new AgentRefused({ status: 404, reason: 'none' }) : answer({ info, parts: [...stored.values()] })
    return answer([{ info }, ...(beginsAt !== undefined && Date.now() >= beginsAt ? [begun] : [])])
  }
  return { link: { http: { call } } as never, changes, stored }
}

test.each([
  ['no step begins', {}, 'emptied', 1],
  ['a step has begun before', { beginsAt: NOW - 500 }, 'read', 0],
  ['a step shows right behind the change: it says again what it said', { beginsAt: NOW + 100 }, 'read', 2],
  ['a step begins a second later', { beginsAt: NOW + 1000 }, 'emptied', 1],
  [
    'done before a crash, and read without its words since',
    { parts: [emptiedAt(NOW - 9000)], beginsAt: NOW - 5000 },
    'emptied',
    0,
  ],
  ['done before a crash, too late', { parts: [emptiedAt(NOW - 9000)], beginsAt: NOW - 8900 }, 'read', 0],
  ['the session does not hold it', { parts: [] }, 'absent', 0],
] as const)('%s', async (_when, facts, expected, changed) => {
  const { link, changes, stored } = session(facts)
  const asked = recall(link, { session: 'ses_1', messageId: 'msg_1' }, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await asked).toBe(expected)
  expect(changes).toHaveLength(changed)
  if (changed === 2) expect(stored.get('prt_1')).toMatchObject({ text: 'one' })
})

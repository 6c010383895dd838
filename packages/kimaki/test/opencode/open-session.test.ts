/** A session of its mark: a retry finds the one of an earlier attempt, also when OpenCode had not made it yet. */
import { expect, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import type { Call } from '../../src/opencode/wire/http.ts'
import type { Link } from '../../src/opencode/session/link.ts'
import { openSession } from '../../src/opencode/session/sessions.ts'

interface Made {
  readonly id: string
  readonly metadata: { readonly kimaki: string }
  readonly time: { readonly created: number }
}

const made = (id: string, created: number, mark = 'mark'): Made => ({ id, metadata: { kimaki: mark }, time: { created } })

/** `late`: what an attempt that was cut off makes while this one is under way. */
function openCode(sessions: Made[], late: readonly Made[] = [], refuses = false) {
  const asked: string[] = []
  const learned: string[] = []
  async function call({ method, path }: Call) {
    asked.push(`${method} ${path}`)
    if (method === 'GET') return { json: [...sessions], next: undefined }
    if (method === 'DELETE') {
      if (refuses) return new AgentUnavailable({ reason: 'no answer' })
      sessions.splice(0, sessions.length, ...sessions.filter(({ id }) => !path.endsWith(id)))
      return { json: true, next: undefined }
    }
    const own = made('ses_own', 20)
    sessions.push(own, ...late)
    return { json: own, next: undefined }
  }
  const events = { learn: (session: { text(field: string): string }) => void learned.push(session.text('id')) }
  const link = { http: { call }, events, repaired: new Set(), trusted: new Set() } as unknown as Link
  return { link, asked, left: () => sessions.map(({ id }) => id), learned }
}

const OPEN = { directory: '/p', mark: 'mark' }
const LIST = 'GET /session'
const MAKE = 'POST /session'

test('a first attempt makes one, and looks for none', async () => {
  const { link, asked } = openCode([made('ses_old', 1)])
  expect(await openSession(link, OPEN, false)).toEqual({ session: 'ses_own' })
  expect(asked).toEqual([MAKE])
})

test('a retry takes the one that is there', async () => {
  const { link, asked } = openCode([made('ses_old', 1)])
  expect(await openSession(link, OPEN, true)).toEqual({ session: 'ses_old' })
  expect(asked).toEqual([LIST])
})

test('a retry that finds none makes one', async () => {
  const { link, asked, left } = openCode([made('ses_other', 1, 'another')])
  expect(await openSession(link, OPEN, true)).toEqual({ session: 'ses_own' })
  expect([asked, left()]).toEqual([
    [LIST, MAKE, LIST],
    ['ses_other', 'ses_own'],
  ])
})

test.each([
  ['before its own', made('ses_late', 10), 'ses_late', 'ses_own'],
  ['after its own', made('ses_late', 30), 'ses_own', 'ses_late'],
  ['in the same millisecond', made('ses_late', 20), 'ses_late', 'ses_own'],
])('of two, where the earlier attempt made one %s, one stays', async (_when, late, stays, goes) => {
  const { link, asked, left, learned } = openCode([], [late])
  expect(await openSession(link, OPEN, true)).toEqual({ session: stays })
  expect([left(), asked.at(-1), learned]).toEqual([[stays], `DELETE /session/${goes}`, [stays]])
})

test('one that OpenCode does not delete holds nothing up', async () => {
  const { link } = openCode([], [made('ses_late', 10)], true)
  expect(await openSession(link, OPEN, true)).toEqual({ session: 'ses_late' })
})

test('of two that an earlier retry left behind, because it was killed before it deleted one, one stays', async () => {
  const { link, asked, left } = openCode([made('ses_second', 20), made('ses_first', 10)])
  expect(await openSession(link, OPEN, true)).toEqual({ session: 'ses_first' })
  expect([asked, left()]).toEqual([[LIST, 'DELETE /session/ses_second'], ['ses_first']])
})

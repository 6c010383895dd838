/** Which server serves which project. */
import { expect, test } from 'vitest'
import { evictable, place } from '../../src/opencode/pool/placement.ts'
import type { Serving, Wanted } from '../../src/opencode/pool/placement.ts'

const server = (projects: string, busy = 0, usedAt = 0, isBare = false): Serving => ({
  projects: projects.split(' '),
  isBare,
  busy,
  usedAt,
})
const wanted = (project: string, isBare = false): Wanted => ({ project, isBare })

/** Three projects come one after the other while nothing runs: who serves whom in the end. */
function threeProjects(limit: number, busy: number): readonly string[] {
  let servers: readonly Serving[] = []
  for (const [usedAt, project] of ['a', 'b', 'c'].entries()) {
    const placement = place(wanted(project), servers, limit)
    const others = 'server' in placement ? servers.filter((other) => other !== placement.server) : servers
    const joined = placement.kind === 'share' ? [...placement.server.projects, project] : [project]
    servers = [...others, { projects: joined, isBare: false, busy, usedAt }]
  }
  return servers.map(({ projects }) => projects.join(' '))
}

test('a project has a server of its own as long as there are fewer than the limit', () => {
  expect(place(wanted('a'), [], 2)).toEqual({ kind: 'new' })
  expect(place(wanted('b'), [server('a')], 2)).toEqual({ kind: 'new' })
  expect(threeProjects(3, 1)).toEqual(['a', 'b', 'c'])
})

test('with a limit of one all share it, idle or not', () => {
  expect(threeProjects(1, 0)).toEqual(['a b c'])
  expect(threeProjects(1, 5)).toEqual(['a b c'])
})

test('at the limit the least recently used idle server is evicted', () => {
  const old = server('b', 0, 10)
  expect(place(wanted('d'), [server('a', 0, 20), old, server('c', 1, 1)], 3)).toEqual({ kind: 'replace', server: old })
  expect(threeProjects(2, 0)).toEqual(['b', 'c'])
})

test('when none is idle it shares the least busy one, of equals the least recently used', () => {
  const calm = server('b', 1, 10)
  expect(place(wanted('d'), [server('a', 2), calm, server('c', 1, 20)], 3)).toEqual({ kind: 'share', server: calm })
  expect(threeProjects(2, 1)).toEqual(['b', 'a c'])
})

test('a project that is served stays where it is, whatever the limit and however busy its server', () => {
  const shared = server('a b', 9)
  expect(place(wanted('b'), [server('c'), shared], 8)).toEqual({ kind: 'serves', server: shared })
  expect(place(wanted('b'), [server('c'), shared], 1)).toEqual({ kind: 'serves', server: shared })
})

test('V27: a project that is not trusted shares with its like only, and gets one beyond the limit where it has none', () => {
  const [full, bare] = [server('a', 1), server('b', 5, 0, true)]
  expect(place(wanted('c', true), [full, bare], 2)).toEqual({ kind: 'share', server: bare })
  expect(place(wanted('c'), [full, bare], 2)).toEqual({ kind: 'share', server: full })
  expect(place(wanted('c', true), [full, server('d', 2)], 2)).toEqual({ kind: 'new' })
  expect(place(wanted('c', true), [server('a')], 1)).toEqual({ kind: 'new' })
  expect(place(wanted('c', true), [server('a', 0), server('d', 2)], 2)).toEqual({ kind: 'replace', server: server('a') })
})

test('beyond the limit idle servers go, the least recently used first; busy ones are waited for', () => {
  const [busy, older, newer] = [server('a', 1, 1), server('b', 0, 2), server('c', 0, 3)]
  expect(evictable([busy, newer, older], 2)).toEqual([older])
  expect(evictable([busy, newer, older], 1)).toEqual([older, newer])
  expect(evictable([busy, newer, older], 3)).toEqual([])
  expect(evictable([busy, server('d', 1)], 1)).toEqual([])
})

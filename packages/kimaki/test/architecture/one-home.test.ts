/** A feature has one home: a new one is its own files and a line in each list, and no other file changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cycles } from './cycles.ts'
import { declaredKinds } from './effects.ts'
import { parseTree } from './modules.ts'
import { Copy, listed, SEAMS } from './one-home.ts'
import { orderViolations } from './orders.ts'
import { ORDERS, ROOMS } from './plan.ts'
import { roomViolations } from './rooms.ts'

describe('a line is added', () => {
  test.each([
    ['export const LIST = [a, b]', 'export const LIST = [a, b, dummy]'],
    ['const LIST: readonly A[] = [\n  a,\n]', 'const LIST: readonly A[] = [\n  a,\n  dummy,\n]'],
    ['export const LIST = [] as const', 'export const LIST = [dummy] as const'],
    ['export const LIST = [a] as const satisfies A', 'export const LIST = [a, dummy] as const satisfies A'],
    ['export const LIST = ordered([a])', 'export const LIST = ordered([a, dummy])'],
  ])('to "%s"', (text, with_) => {
    expect(listed(text, 'LIST')).toBe(`import { dummy } from './dummy.ts'\n${with_}`)
  })

  test('to no list that is not there', () => {
    expect(() => listed('export const OTHER = [a]', 'LIST')).toThrow('there is no list LIST')
  })
})

describe('a feature that is added to a copy of the product', () => {
  let copy: Copy
  beforeAll(() => {
    copy = new Copy()
    for (const seam of SEAMS) copy.add(seam)
  })
  afterAll(() => copy.remove())

  test('changes no file but the lists, and of each one line beside its import', () => {
    const lines = ["import { dummy } from './dummy.ts'", expect.stringContaining('dummy')]
    expect(copy.newLines()).toEqual(Object.fromEntries(SEAMS.map(({ list }) => [list, lines])))
  })

  test('keeps the rules of the house', () => {
    const sources = copy.sources()
    const modules = parseTree(sources)
    expect([...roomViolations(modules, ROOMS), ...orderViolations(modules, ORDERS), ...cycles(modules)]).toEqual([])
    expect(declaredKinds(sources, 'Effect')).toContain('dummy')
  })

  test('passes the compiler', async () => {
    expect(await copy.types()).toBe('')
  })

  test('keeps its slice, has its effect done, shows its block, answers its command and serves its verb', async () => {
    expect(await copy.probe()).toEqual({
      effects: [{ key: 'dummy/1', kind: 'dummy', owner: 'dummy', text: 'Tea' }],
      slice: { count: 1, noted: 1 },
      blocks: ['⬦ 1 noted'],
      answers: [expect.objectContaining({ kind: 'reply', text: '1 noted' })],
      route: 'here',
    })
  })

  test('has its verb in the help', async () => {
    expect(await copy.help()).toMatch(/dummy\s+say that it is there/)
  })
})

test('red control: a file that has nothing for its list does not pass the compiler', async () => {
  const copy = new Copy()
  try {
    for (const seam of SEAMS) copy.add({ ...seam, template: 'stray.ts.txt' })
    const told = await copy.types()
    expect(SEAMS.filter(({ list }) => !told.includes(`src/${list}(`))).toEqual([])
  } finally {
    copy.remove()
  }
})

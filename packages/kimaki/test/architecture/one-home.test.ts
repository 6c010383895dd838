/** A feature has one home: a new one is its own files and a line in each list, and no other file changes. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LISTS } from './not-yet.ts'
import { Copy, listed, SEAMS } from './one-home.ts'
import { SRC } from './plan.ts'

const source = fileURLToPath(new URL(`../../../../${SRC}`, import.meta.url))
/** What the dummy feature remembers, in the cache. */
const SLICE: unknown = expect.objectContaining({ version: 1 })
const missing = SEAMS.filter(({ list }) => !existsSync(source + list)).map(({ list }) => list)

test('every kind of thing that a feature consists of has a list', () => {
  expect(missing).toEqual(LISTS)
})

describe('a line is added', () => {
  test.each([
    ['export const LIST = [a, b]', 'export const LIST = [a, b,\n  dummy,\n]'],
    ['export const LIST: readonly A[] = [\n  a,\n]', 'export const LIST: readonly A[] = [\n  a,\n  dummy,\n]'],
    ['export const LIST = [] as const', 'export const LIST = [\n  dummy,\n] as const'],
    ['export const LIST = [a] as const satisfies A', 'export const LIST = [a,\n  dummy,\n] as const satisfies A'],
    ['export const LIST = ordered([a])', 'export const LIST = ordered([a,\n  dummy,\n])'],
  ])('to "%s"', (text, with_) => {
    expect(listed(text, 'LIST')).toBe(`import { dummy } from './dummy.ts'\n${with_}`)
  })

  test('to no list that is not there', () => {
    expect(() => listed('export const OTHER = [a]', 'LIST')).toThrow('there is no list LIST')
  })
})

describe.each(missing.length > 0 ? [] : ['a feature'])('%s that is added to a copy of the product', () => {
  let copy: Copy
  beforeAll(() => {
    copy = new Copy()
    for (const seam of SEAMS) copy.add(seam)
  })
  afterAll(() => copy.remove())

  test('passes the compiler with its own files and a line in each list', async () => {
    expect(await copy.types()).toBe('')
  })

  test('keeps its slice, has its effect done, shows its block and declares its command', async () => {
    expect(await copy.probe()).toEqual({
      effect: expect.objectContaining({ kind: 'dummy', owner: 'dummy', text: 'Tea' }) as unknown,
      outcome: { kind: 'done' },
      saved: expect.objectContaining({ features: expect.objectContaining({ dummy: SLICE }) as unknown }) as unknown,
      blocks: ['⬦ 1 noted'],
      command: 'Say that it is there',
    })
  })

  test('has its verb in the help', async () => {
    expect(await copy.help()).toMatch(/dummy\s+say that it is there/)
  })
})

describe('the copy', () => {
  let copy: Copy
  beforeAll(() => void (copy = new Copy()))
  afterAll(() => copy.remove())

  test('is the product: it passes the compiler and says what it is', async () => {
    expect(await copy.types()).toBe('')
    expect(await copy.help()).toContain('Usage: kimaki')
  })

  test.each(SEAMS.filter(({ list }) => !missing.includes(list)))('misses what $list does not name', async (seam) => {
    copy.add({ ...seam, template: 'stray.ts.txt' })
    expect(await copy.types()).toContain('dummy.ts')
  })
})

/** Attachments on the disk: where they lie, whose they are, and how much room they take. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { FileLimits } from '../../src/host/file-limits.ts'
import { createFiles } from '../../src/host/files.ts'
import { logInto } from '../app/support/harness.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'kimaki-files-'))
afterAll(() => rmSync(dataDir, { recursive: true }))
const files = createFiles(dataDir, logInto([]))
const root = join(dataDir, 'attachments')

test('the files of a conversation lie in a folder of their own, which is told by its paths', async () => {
  const path = (await files.saveAttachment('12', 'a.log', new TextEncoder().encode('words'))) ?? ''
  expect(path).toBe(join(root, '12', 'a.log'))
  expect(readFileSync(path, 'utf8')).toBe('words')
  expect(files.ownerOf([path])).toBe('12')
})

test.each([
  ['the folder of a conversation', [`${root}/12/*`], '12'],
  ['two paths below it', [`${root}/12/*`, `${root}/12/a/*`], '12'],
  ['two conversations', [`${root}/12/*`, `${root}/13/*`], undefined],
  ['another path beside it', [`${root}/12/*`, '/etc/*'], undefined],
  ['all attachments', [`${root}/*`], undefined],
  ['every conversation', [`${root}/*/*`], undefined],
  ['several by a wildcard', [`${root}/1*/*`], undefined],
  ['the way out', [`${root}/12/../13/*`], undefined],
  ['the way out to the data folder', [`${root}/12/../../*`], undefined],
  ['another folder with that ending', ['/tmp/attachments/12/*'], undefined],
  ['a folder whose name only begins so', [`${root}-old/12/*`], undefined],
  ['a relative path', ['attachments/12/*'], undefined],
  ['nothing', [], undefined],
])('%s: whose files these are', (_, patterns, owner) => {
  expect(files.ownerOf(patterns)).toBe(owner)
})

describe('what files of people take of the disk', () => {
  const DAY = 24 * 3_600_000
  const bytes = (count: number): Uint8Array => new Uint8Array(count)

  function limited(limits: FileLimits) {
    const folder = mkdtempSync(join(tmpdir(), 'kimaki-limited-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const logged: string[] = []
    const store = createFiles(folder, logInto(logged), limits)
    const save = async (conversation: string, name: string, size: number, daysAgo = 0): Promise<string> => {
      const path = (await store.saveAttachment(conversation, name, bytes(size))) ?? 'not saved'
      const at = new Date(Date.now() - daysAgo * DAY)
      if (daysAgo > 0) utimesSync(path, at, at)
      return path
    }
    const left = (): readonly string[] =>
      readdirSync(join(folder, 'attachments'), { recursive: true, encoding: 'utf8' }).toSorted()
    return { store, save, left, logged }
  }

  test('old ones are deleted with their folder, but for those of a thread in which something is open', async () => {
    const { store, save, left } = limited({ bytes: 1000, ageMs: 30 * DAY })
    await save('1', 'old', 1, 31)
    await save('2', 'old', 1, 31)
    await save('2', 'new', 1)
    await save('3', 'open', 1, 31)
    expect(await store.old(Date.now(), ['3'])).toEqual({ files: 2, bytes: 2 })
    await store.deleteOld(Date.now(), ['3'])
    expect(left()).toEqual(['2', '2/new', '3', '3/open'])
  })

  test('a new one takes the place of the oldest, of open threads last', async () => {
    const { store, save, left } = limited({ bytes: 100, ageMs: 30 * DAY })
    await save('1', 'open', 40, 3)
    await save('2', 'older', 40, 2)
    await store.deleteOld(Date.now(), ['1'])
    await save('2', 'new', 40)
    expect(left()).toEqual(['1', '1/open', '2', '2/new'])
  })

  test('one that is larger than all may be is not saved; the next is', async () => {
    const { save, left } = limited({ bytes: 100, ageMs: DAY })
    expect(await save('1', 'large', 101)).toBe('not saved')
    await save('1', 'small', 100)
    expect(left()).toEqual(['1', '1/small'])
  })

  test('the same one again counts once', async () => {
    const { save, left } = limited({ bytes: 100, ageMs: DAY })
    await save('1', 'other', 40)
    for (let time = 0; time < 5; time += 1) await save('1', 'same', 50)
    expect(left()).toEqual(['1', '1/other', '1/same'])
  })
})

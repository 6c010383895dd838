/** Files of people in the folder of a project, which may be hostile. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveUpload } from '../../src/host/uploads.ts'

let base = ''
let project = ''
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-uploads-')))
  project = join(base, 'project')
  mkdirSync(project)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const save = (words: string) => saveUpload(project, 'a.txt', new TextEncoder().encode(words))

test('a file is in uploads/, for the user of the bot alone; saved again it is the same one', async () => {
  const path = await save('one')
  expect(path).toBe(join(project, 'uploads', 'a.txt'))
  expect(await save('two')).toBe(path)
  expect(readFileSync(join(project, 'uploads', 'a.txt'), 'utf8')).toBe('two')
  expect(statSync(join(project, 'uploads', 'a.txt')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(project, 'uploads'))).toEqual(['a.txt'])
})

test.each([
  ['the folder', () => symlinkSync(base, join(project, 'uploads'))],
  ['a folder that is not there yet', () => symlinkSync(join(base, 'new'), join(project, 'uploads'))],
])('a link in the place of %s leads nothing out of the project', async (_what, plant) => {
  plant()
  expect(await save('one')).toBeUndefined()
  expect(readdirSync(base)).toEqual(['project'])
})

test('a link in the place of the file is replaced, and what it leads to stays as it was', async () => {
  writeFileSync(join(base, 'other'), 'kept')
  mkdirSync(join(project, 'uploads'))
  for (const name of ['a.txt', 'a.txt.part']) symlinkSync(join(base, 'other'), join(project, 'uploads', name))
  expect(await save('one')).toBe(join(project, 'uploads', 'a.txt'))
  expect(readFileSync(join(base, 'other'), 'utf8')).toBe('kept')
})

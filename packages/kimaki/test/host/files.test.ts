import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
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

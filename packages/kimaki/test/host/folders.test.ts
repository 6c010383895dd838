/** V17: reads in the folder of a project never wait for ever, and never for a folder of another project. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FolderRefused } from '../../src/base/errors.ts'
import { branchOf } from '../../src/git/branch.ts'
import { createFolders } from '../../src/host/folders.ts'

let dir: string
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'kimaki-folders-'))))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const pipe = (path: string): void => void execFileSync('mkfifo', [path])

describe('V17: only regular files of at most 1 MiB are read', () => {
  const { read } = createFolders()

  test('a file is', async () => {
    writeFileSync(join(dir, 'file'), 'text ä')
    expect(await read(join(dir, 'file'))).toBe('text ä')
  })

  test.each<readonly [string, (path: string) => void]>([
    ['a pipe that nobody writes to', pipe],
    ['a link to a pipe', (path) => (pipe(`${path}-pipe`), symlinkSync(`${path}-pipe`, path))],
    ['a link to /dev/zero', (path) => symlinkSync('/dev/zero', path)],
    ['a link to /dev/tty', (path) => symlinkSync('/dev/tty', path)],
    ['a link to /', (path) => symlinkSync('/', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['a folder', (path) => mkdirSync(path)],
    ['a file of 2 GB', (path) => (writeFileSync(path, ''), truncateSync(path, 2 ** 31))],
    ['nothing', () => undefined],
  ])('not %s', async (what, make) => {
    const path = join(dir, what.replaceAll('/', '_'))
    make(path)
    expect(await read(path)).toBeUndefined()
  })
})

describe('V17: a folder that does not answer stops its own project only', () => {
  const never = () => new Promise<never>(() => undefined)

  test('it is told, and not read again until its read has come back', async () => {
    const { within } = createFolders({ workMs: 5, probe: async () => true })
    const hanging = Promise.withResolvers<string>()
    expect(await within('/away', () => hanging.promise)).toBeInstanceOf(FolderRefused)
    let read = 0
    const again = async () => (read += 1)
    expect(await within('/away', again)).toBeInstanceOf(FolderRefused)
    expect(read).toBe(0)
    hanging.resolve('late')
    await hanging.promise
    expect(await within('/away', again)).toBe(1)
  })

  test('on a machine that is busy, work that is slow has more time as long as the folder answers', async () => {
    const slow = Promise.withResolvers<string>()
    const probe = async () => (slow.resolve('read'), true)
    expect(await createFolders({ workMs: 5, probe }).within('/busy', () => slow.promise)).toBe('read')
  })

  test('the others go on', async () => {
    const { within } = createFolders({ workMs: 5, probe: async () => true })
    const away = [within('/away/1', never), within('/away/2', never)]
    expect(await within('/here', async () => 'read')).toBe('read')
    expect((await Promise.all(away)).every((answer) => answer instanceof FolderRefused)).toBe(true)
  })

  test('however many folders are away with it, no more than two threads are held', async () => {
    const { within } = createFolders({ workMs: 5, probe: async (folder) => !folder.startsWith('/away') })
    let held = 0
    const hold = () => ((held += 1), never())
    await Promise.all([within('/away/1', hold), within('/away/2', hold)])
    for (let at = 3; at < 20; at += 1) expect(await within(`/away/${at}`, hold)).toBeInstanceOf(FolderRefused)
    expect(held).toBe(2)
    expect(await within('/here', async () => 'read')).toBe('read')
  })

  test('a process that asks a folder tells that it answers', async () => {
    const { within } = createFolders({ workMs: 5 })
    await within('/away', never)
    expect(await within(dir, async () => 'read')).toBe('read')
    expect(await within(join(dir, 'gone'), async () => 'read')).toBe('read')
  })

  test('what the work throws is thrown', async () => {
    await expect(createFolders().within('/x', async () => Promise.reject(new RangeError('a defect')))).rejects.toThrow('a defect')
  })
})

describe('V17: the branch of a footer', () => {
  test.each<readonly [string, (folder: string) => void]>([
    ['a pipe as .git', (folder) => pipe(join(folder, '.git'))],
    ['a pipe as HEAD', (folder) => (mkdirSync(join(folder, '.git')), pipe(join(folder, '.git/HEAD')))],
    ['/dev/zero as HEAD', (folder) => (mkdirSync(join(folder, '.git')), symlinkSync('/dev/zero', join(folder, '.git/HEAD')))],
    ['a .git that names a pipe', (folder) => (pipe(join(folder, 'HEAD')), writeFileSync(join(folder, '.git'), 'gitdir: .'))],
  ])('%s: there is none', async (what, make) => {
    const folder = join(dir, `branch ${what.replaceAll('/', '_')}`)
    mkdirSync(folder)
    make(folder)
    expect(await branchOf(createFolders(), folder)).toBeUndefined()
  })

  test('of a repository there is one', async () => {
    execFileSync('git', ['init', '-q', '-b', 'trunk', join(dir, 'repository')])
    expect(await branchOf(createFolders(), join(dir, 'repository'))).toBe('trunk')
  })
})

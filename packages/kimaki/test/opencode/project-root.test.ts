/** Whose folder it is: the key under which a server is found. With real git. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFolders } from '../../src/host/folders.ts'
import { projectRoots } from '../../src/opencode/project/project-root.ts'

const projectRoot = projectRoots(createFolders())

let dir: string
let repository: string
const git = (folder: string, ...args: readonly string[]): unknown =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], { stdio: 'ignore' })

beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-roots-')))
  repository = join(dir, 'repository')
  mkdirSync(join(repository, 'packages', 'one'), { recursive: true })
  writeFileSync(join(repository, 'README.md'), 'x')
  git(repository, 'init', '-b', 'main')
  git(repository, 'add', '.')
  git(repository, 'commit', '-m', 'Begin')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('a folder is its own root, under its real name', async () => {
  symlinkSync(repository, join(dir, 'link'))
  expect(await projectRoot(repository)).toBe(repository)
  expect(await projectRoot(join(dir, 'link'))).toBe(repository)
  expect(await projectRoot(`${repository}/../repository/`)).toBe(repository)
})

test('a worktree belongs to its repository, wherever it lies', async () => {
  git(repository, 'worktree', 'add', join(dir, 'tree'), '-b', 'other')
  expect(await projectRoot(join(dir, 'tree'))).toBe(repository)
})

test('a folder inside a repository is a project of its own', async () => {
  expect(await projectRoot(join(repository, 'packages', 'one'))).toBe(join(repository, 'packages', 'one'))
})

test('a submodule is a project of its own', async () => {
  git(dir, 'clone', repository, 'above')
  git(join(dir, 'above'), '-c', 'protocol.file.allow=always', 'submodule', 'add', repository, 'below')
  expect(await projectRoot(join(dir, 'above', 'below'))).toBe(join(dir, 'above', 'below'))
})

test('a worktree of a bare repository belongs to that', async () => {
  git(dir, 'clone', '--bare', repository, 'bare.git')
  git(join(dir, 'bare.git'), 'worktree', 'add', join(dir, 'of-bare'), 'main')
  expect(await projectRoot(join(dir, 'of-bare'))).toBe(join(dir, 'bare.git'))
})

test('a folder that is gone keeps its name', async () => {
  expect(await projectRoot(join(dir, 'gone'))).toBe(join(dir, 'gone'))
})

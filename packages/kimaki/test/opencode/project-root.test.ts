/** Whose folder it is: the key under which a server is found. With real git. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../src/opencode/pool/project-root.ts'

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

test('a folder is its own root, under its real name', () => {
  symlinkSync(repository, join(dir, 'link'))
  expect(projectRoot(repository)).toBe(repository)
  expect(projectRoot(join(dir, 'link'))).toBe(repository)
  expect(projectRoot(`${repository}/../repository/`)).toBe(repository)
})

test('a worktree belongs to its repository, wherever it lies', () => {
  git(repository, 'worktree', 'add', join(dir, 'tree'), '-b', 'other')
  expect(projectRoot(join(dir, 'tree'))).toBe(repository)
})

test('a folder inside a repository is a project of its own', () => {
  expect(projectRoot(join(repository, 'packages', 'one'))).toBe(join(repository, 'packages', 'one'))
})

test('a submodule is a project of its own', () => {
  git(dir, 'clone', repository, 'above')
  git(join(dir, 'above'), '-c', 'protocol.file.allow=always', 'submodule', 'add', repository, 'below')
  expect(projectRoot(join(dir, 'above', 'below'))).toBe(join(dir, 'above', 'below'))
})

test('a worktree of a bare repository belongs to that', () => {
  git(dir, 'clone', '--bare', repository, 'bare.git')
  git(join(dir, 'bare.git'), 'worktree', 'add', join(dir, 'of-bare'), 'main')
  expect(projectRoot(join(dir, 'of-bare'))).toBe(join(dir, 'bare.git'))
})

test('a folder that is gone keeps its name', () => {
  expect(projectRoot(join(dir, 'gone'))).toBe(join(dir, 'gone'))
})

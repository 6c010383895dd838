/** The folder that a program chooses for a session of its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCwd } from '../../src/cli/folders/cwd.ts'
import { createFolders } from '../../src/host/folders.ts'

const top = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-cwd-')))
const project = join(top, 'garden')
const known = { directory: project, isTrusted: true, programs: ['plugin old.js'] }

const write = (path: string, text: string): void => {
  mkdirSync(join(top, path, '..'), { recursive: true })
  writeFileSync(join(top, path), text)
}
beforeAll(() => {
  for (const folder of ['garden/web', 'garden/.git', 'elsewhere']) mkdirSync(join(top, folder), { recursive: true })
  // As `git worktree add` leaves them (git docs: gitrepository-layout).
  for (const [name, backTo] of [
    ['branch', 'branch'],
    ['forged', 'branch'],
  ] as const) {
    write(`${name}/.git`, `gitdir: ${project}/.git/worktrees/${name}\n`)
    write(`garden/.git/worktrees/${name}/commondir`, '../..\n')
    write(`garden/.git/worktrees/${name}/gitdir`, `${top}/${backTo}/.git\n`)
  }
  write('garden/loud/.opencode/plugin/new.js', '')
  write('garden/quiet/.opencode/plugin/old.js', '')
  symlinkSync(join(top, 'elsewhere'), join(project, 'link'))
})
afterAll(() => rmSync(top, { recursive: true }))

const check = async (folder: string): Promise<string | Error> =>
  checkCwd({ folders: createFolders(), trusts: { all: () => [known] } }, { directory: project }, join(top, folder))

test.each([
  ['the project itself', 'garden', 'garden'],
  ['a folder in it', 'garden/web', 'garden/web'],
  ['one in it that brings what the project does', 'garden/quiet', 'garden/quiet'],
  ['a worktree of its repository', 'branch', 'branch'],
])('%s is taken', async (_what, folder, real) => {
  expect(await check(folder)).toBe(join(top, real))
})

test.each([
  ['a folder beside it', 'elsewhere', 'is neither in the project'],
  ['the folder around it', '.', 'is neither in the project'],
  ['one that a link leads to', 'garden/link', 'is neither in the project'],
  ['one that says it is a worktree, of which the repository knows nothing', 'forged', 'is neither in the project'],
  ['one that is not there', 'garden/gone', 'is no folder'],
  ['a file', 'branch/.git', 'is no folder'],
  ['one that brings programs that nobody has looked at', 'garden/loud', 'plugin new.js'],
])('%s is refused', async (_what, folder, words) => {
  expect(String(await check(folder))).toContain(words)
})

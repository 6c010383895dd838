/** A session in a worktree is kept from writing to the checkout that the worktree was made from, as far as its commands say so. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkoutOf, refusalOf } from '../src/checkout.ts'

let root = ''
let project = ''
const made = (): string => join(root, 'worktrees/0123abcd/fix')

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'plugin-checkout-')))
  project = join(root, 'project')
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { stdio: 'ignore' })
  mkdirSync(project)
  git('init', '--quiet')
  git('commit', '--quiet', '--allow-empty', '-m', 'begin')
  git('worktree', 'add', '--quiet', '-b', 'fix', made())
  git('worktree', 'add', '--quiet', '-b', 'mine', join(root, 'mine'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the checkout is that of the repository; only for worktrees that Kimaki has made', () => {
  expect([made(), join(root, 'mine'), project, join(root, 'nothing')].map(checkoutOf)).toEqual([
    project,
    undefined,
    undefined,
    undefined,
  ])
})

describe('a command', () => {
  const CHECKOUT = '/home/ada/my.project'
  const refused = (command: string): boolean => refusalOf(command, CHECKOUT, '/data/worktrees/0123abcd/fix') !== undefined

  test.each([
    `echo x > ${CHECKOUT}/a.txt`,
    `echo x >>"${CHECKOUT}/a.txt"`,
    `echo x >| '${CHECKOUT}/a'`,
    `git -C ${CHECKOUT} commit -am x`,
    `GIT_EDITOR=true git --git-dir=${CHECKOUT}/.git log`,
    `git --work-tree ${CHECKOUT} add .`,
    `cd ${CHECKOUT} && make`,
    `true; cd "${CHECKOUT}"`,
    `echo x | tee -a ${CHECKOUT}/a`,
  ])('that writes there is refused: %s', (command) => expect(refused(command)).toBe(true))

  test.each([
    'echo x > a.txt',
    `cat ${CHECKOUT}/a.txt > a.txt`,
    `echo x > ${CHECKOUT}-two/a.txt`,
    `diff -r . ${CHECKOUT}`,
    'git commit -am x',
    'cd /home/ada/myXproject',
  ])('that does not is not: %s', (command) => expect(refused(command)).toBe(false))

  test('says what to do instead', () => {
    expect(refusalOf(`cd ${CHECKOUT}`, CHECKOUT, '/data/worktrees/0123abcd/fix')).toMatch(
      /^This session works in the worktree \/data/,
    )
  })
})

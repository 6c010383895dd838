/** A worktree is merged without a commit lost: on real repositories, whoever stands in the way and whenever it is killed. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MadeWorktree, MergedWorktree, UndoRequest } from '../../src/ports/git/worktrees.ts'
import { Killed, reasonIn, Repository } from './repository.ts'

let repository: Repository
let worktree: MadeWorktree
beforeEach(async () => {
  repository = new Repository()
  const made = await repository.worktrees().make({ id: 't', source: repository.source, slug: 'fix' })
  if (made instanceof Error) throw made
  worktree = made
})
afterEach(() => repository.remove())

const request = (target?: string) => ({ id: 'm1', directory: worktree.directory, source: repository.source, target })
const merge = async (target?: string) => repository.worktrees().merge(request(target))

function done(result: unknown): Extract<MergedWorktree, { kind: 'merged' }> {
  if (result instanceof Error) throw result
  expect(result).toMatchObject({ kind: 'merged' })
  return result as Extract<MergedWorktree, { kind: 'merged' }>
}

const tip = (name: string): string => repository.git('rev-parse', name)

test('its commits stand on top of the target, one by one, and the files of the project folder follow', async () => {
  repository.commit('a.txt', 'a', worktree.directory)
  repository.commit('b.txt', 'b', worktree.directory)
  const before = repository.commit('c.txt', 'c')
  const merged = done(await merge())
  expect(merged).toMatchObject({ branch: 'opencode/kimaki-fix', target: 'main', from: before, to: tip('main'), commits: 2 })
  expect(repository.git('log', '--format=%s', `${before}..main`).split('\n')).toEqual(['change b.txt', 'change a.txt'])
  expect(['a.txt', 'b.txt', 'c.txt'].map((name) => existsSync(join(repository.source, name)))).toEqual([true, true, true])
  expect(repository.git('status', '--porcelain')).toBe('')
})

test('into a branch that is checked out nowhere', async () => {
  repository.git('branch', 'release')
  const commit = repository.commit('a.txt', 'a', worktree.directory)
  expect(done(await merge('release')).to).toBe(commit)
  expect(tip('release')).toBe(commit)
})

test('a conflict waits in the worktree; resolved, the next attempt goes on', async () => {
  repository.commit('README.md', 'theirs\n', worktree.directory)
  repository.commit('README.md', 'ours\n')
  expect(await merge()).toEqual({ kind: 'conflict', files: ['README.md'] })
  expect(await merge()).toEqual({ kind: 'conflict', files: ['README.md'] })
  repository.write('README.md', 'both\n', worktree.directory)
  repository.at(worktree.directory, 'add', 'README.md')
  repository.at(worktree.directory, '-c', 'core.editor=true', 'rebase', '--continue')
  expect(done(await merge()).commits).toBe(1)
})

test('given up, the branch stands where it stood', async () => {
  const commit = repository.commit('README.md', 'theirs\n', worktree.directory)
  repository.commit('README.md', 'ours\n')
  await merge()
  expect(await repository.worktrees().abortRebase(repository.source, worktree.directory)).toBeUndefined()
  expect(repository.at(worktree.directory, 'rev-parse', 'HEAD')).toBe(commit)
  expect(repository.at(worktree.directory, 'branch', '--show-current')).toBe('opencode/kimaki-fix')
})

describe('before anything moves it refuses', () => {
  test.each<readonly [string, () => unknown, RegExp, string | undefined]>([
    ['where nothing is to be merged', () => undefined, /nothing to merge/, undefined],
    ['work that is not committed', () => repository.write('a.txt', 'a', worktree.directory), /not committed/, undefined],
    [
      'where no branch is checked out',
      () => repository.at(worktree.directory, 'checkout', '--quiet', '--detach'),
      /no branch is checked out/,
      undefined,
    ],
    [
      'a target with uncommitted changes',
      () => (repository.commit('a.txt', 'a', worktree.directory), repository.write('README.md', 'x')),
      /has uncommitted changes/,
      undefined,
    ],
    [
      'a target that is checked out elsewhere',
      () => (
        repository.commit('a.txt', 'a', worktree.directory),
        repository.git('worktree', 'add', '--quiet', '-b', 'other', join(repository.root, 'other'))
      ),
      /checked out in another worktree/,
      'other',
    ],
    ['a target that is not there', () => repository.commit('a.txt', 'a', worktree.directory), /no branch "nowhere"/, 'nowhere'],
    [
      'where a hook does',
      () => {
        repository.commit('a.txt', 'a', worktree.directory)
        repository.commit('b.txt', 'b')
        mkdirSync(join(repository.source, '.git/hooks'), { recursive: true })
        writeFileSync(join(repository.source, '.git/hooks/pre-rebase'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
      },
      /could not be rebased/,
      undefined,
    ],
  ])('%s', async (_what, arrange, reason, target) => {
    arrange()
    const before = repository.git('for-each-ref', 'refs/heads')
    expect(reasonIn(await merge(target))).toMatch(reason)
    expect(repository.git('for-each-ref', 'refs/heads')).toBe(before)
  })

  test('a new file of the project folder that the merge would overwrite', async () => {
    repository.commit('a.txt', 'theirs', worktree.directory)
    repository.write('a.txt', 'mine')
    const before = tip('main')
    expect(reasonIn(await merge())).toMatch(/could not move on in the project folder/)
    expect(tip('main')).toBe(before)
  })
})

test('killed at any step, the next attempt completes it, and every commit is still there', async () => {
  for (let calls = 1; calls < 60; calls += 1) {
    const theirs = repository.commit(`w${calls}.txt`, 'x', worktree.directory)
    const ours = repository.commit(`m${calls}.txt`, 'x')
    const again = { ...request(), id: `m${calls}` }
    const first = await repository
      .worktrees(calls)
      .merge(again)
      .catch((error: unknown) => error)
    expect(done(await repository.worktrees().merge(again))).toMatchObject({ from: ours, commits: 1 })
    expect(existsSync(join(repository.source, `w${calls}.txt`)) && existsSync(join(repository.source, `m${calls}.txt`))).toBe(
      true,
    )
    const reachable = repository.git('rev-list', '--all').split('\n')
    expect([theirs, ours].every((commit) => reachable.includes(commit))).toBe(true)
    if (!(first instanceof Killed)) return
    // One in six is enough to stop at each kind of step.
    calls += 5
  }
})

describe('taken back', () => {
  const undoing = (merged: Extract<MergedWorktree, { kind: 'merged' }>): UndoRequest => ({
    id: 'm1',
    source: repository.source,
    target: merged.target,
    from: merged.from,
    to: merged.to,
  })
  const undo = async (what: UndoRequest) => repository.worktrees().undo(what)

  test('the branch and the files of the project folder are as they were, and the commits are kept; twice is once', async () => {
    repository.commit('a.txt', 'a', worktree.directory)
    const before = tip('main')
    const merged = undoing(done(await merge()))
    expect([await undo(merged), await undo(merged)]).toEqual([undefined, undefined])
    expect([tip('main'), existsSync(join(repository.source, 'a.txt')), repository.git('status', '--porcelain')]).toEqual([
      before,
      false,
      '',
    ])
    expect(tip('refs/kimaki/undo/20260601-m1-undone')).toBe(merged.to)
  })

  test.each<readonly [string, () => unknown, RegExp]>([
    ['moved on since', () => repository.commit('later.txt', 'x'), /has moved on since.*git revert --no-edit/],
    ['has changes that are not committed', () => repository.write('README.md', 'x'), /uncommitted changes.*git revert/],
    ['was pushed', () => repository.git('update-ref', 'refs/remotes/origin/main', 'main'), /was pushed \(origin\/main\)/],
  ])('not where the target %s: a revert is offered', async (_what, arrange, reason) => {
    repository.commit('a.txt', 'a', worktree.directory)
    const merged = undoing(done(await merge()))
    arrange()
    const before = tip('main')
    expect(reasonIn(await undo(merged))).toMatch(reason)
    expect(tip('main')).toBe(before)
  })
})

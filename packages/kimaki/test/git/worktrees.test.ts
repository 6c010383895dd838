/** Worktrees are made whole or not at all, and nothing that somebody could miss goes with them: on real repositories. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MadeWorktree } from '../../src/ports/git/worktrees.ts'
import { Killed, reasonIn, Repository } from './repository.ts'

let repository: Repository
beforeEach(() => (repository = new Repository()))
afterEach(() => repository.remove())

const made = (result: unknown): MadeWorktree => {
  if (result instanceof Error) throw result
  return result as MadeWorktree
}

const make = async (slug: string, more: { readonly id?: string; readonly base?: string; readonly isNamed?: true } = {}) =>
  repository.worktrees().make({ id: more.id ?? `t-${slug}`, source: repository.source, slug, ...more })

const branches = (): readonly string[] => repository.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')

describe('making one', () => {
  test('a folder and a branch of its own, from where the project stands, commits that were pushed nowhere included', async () => {
    const tip = repository.commit('new.txt', 'unpushed\n')
    const worktree = made(await make('fix'))
    expect(worktree).toMatchObject({ branch: 'opencode/kimaki-fix', base: 'main', commit: tip, warnings: [] })
    expect(worktree.directory).toMatch(/\/data\/worktrees\/[\da-f]{8}\/fix$/)
    expect(readFileSync(join(worktree.directory, 'new.txt'), 'utf8')).toBe('unpushed\n')
    expect(repository.at(worktree.directory, 'branch', '--show-current')).toBe('opencode/kimaki-fix')
    expect(repository.git('status', '--porcelain')).toBe('')
  })

  test('from another branch, and from one that only a remote has', async () => {
    repository.git('branch', 'old')
    const old = repository.git('rev-parse', 'old')
    repository.commit('new.txt', 'x')
    expect(made(await make('a', { base: 'old' }))).toMatchObject({ base: 'old', commit: old })
    const upstream = join(repository.root, 'upstream')
    repository.git('clone', '--quiet', '--bare', repository.source, upstream)
    repository.git('remote', 'add', 'origin', upstream)
    repository.at(upstream, 'branch', 'theirs', 'old')
    expect(made(await make('b', { base: 'theirs' }))).toMatchObject({ base: 'origin/theirs', commit: old })
  })

  test('D-05: an existing branch is never reset: a name that was chosen is refused, another gets a number', async () => {
    repository.git('branch', 'opencode/kimaki-fix')
    const before = repository.git('rev-parse', 'opencode/kimaki-fix')
    repository.commit('new.txt', 'x')
    expect(reasonIn(await make('fix', { isNamed: true }))).toContain('the name "fix" is taken')
    expect(made(await make('fix')).branch).toBe('opencode/kimaki-fix-2')
    expect(repository.git('rev-parse', 'opencode/kimaki-fix')).toBe(before)
  })

  test.each([
    ['a base that does not exist', async () => make('x', { base: 'nowhere' }), /no branch, tag or commit "nowhere"/],
    [
      'P-227: a folder below the root of its repository',
      async () => {
        mkdirSync(join(repository.source, 'sub'))
        return repository.worktrees().make({ id: 't', source: join(repository.source, 'sub'), slug: 'x' })
      },
      /not the root of its git repository/,
    ],
    [
      'no repository',
      async () => repository.worktrees().make({ id: 't', source: repository.root, slug: 'x' }),
      /is no git repository/,
    ],
    [
      'a checkout that git refuses',
      async () => {
        repository.commit('.gitattributes', '* filter=broken\n')
        repository.git('config', 'filter.broken.smudge', 'false')
        repository.git('config', 'filter.broken.required', 'true')
        return make('x')
      },
      /git says/,
    ],
  ])('%s is refused, and nothing is left of it', async (_what, attempt, reason) => {
    const result = await attempt()
    expect(reasonIn(result)).toMatch(reason)
    expect(branches()).toEqual(['main'])
    expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
    expect(
      await make('afterwards', { base: 'main' }).then((worktree) => existsSync(join(repository.dataDir)) && worktree),
    ).toBeDefined()
  })

  test('the hooks of the repository do not run', async () => {
    const hook = join(repository.source, '.git/hooks/post-checkout')
    mkdirSync(join(repository.source, '.git/hooks'), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\ntouch ran\n', { mode: 0o755 })
    expect(existsSync(join(made(await make('fix')).directory, 'ran'))).toBe(false)
  })

  test('a submodule comes from the clone of the project', async () => {
    const library = join(repository.root, 'library')
    repository.git('clone', '--quiet', repository.source, library)
    repository.git('submodule', '--quiet', 'add', library, 'lib')
    repository.git('commit', '--quiet', '-m', 'add lib')
    const worktree = made(await make('sub'))
    expect([worktree.warnings, existsSync(join(worktree.directory, 'lib/README.md'))]).toEqual([[], true])
    rmSync(library, { recursive: true })
    rmSync(join(repository.source, '.git/modules/lib'), { recursive: true })
    expect(made(await make('without')).warnings).toEqual([expect.stringContaining('the submodule lib is missing')])
  })

  test('killed at any step, it is completed by the next attempt, which is the same worktree', async () => {
    const seen = new Set<string>()
    for (let calls = 1; calls < 40; calls += 1) {
      const request = { id: `t-${calls}`, source: repository.source, slug: `n${calls}` }
      const first = await repository
        .worktrees(calls)
        .make(request)
        .catch((error: unknown) => error)
      const state = `${branches().includes(`opencode/kimaki-n${calls}`)} ${existsSync(join(repository.dataDir, 'worktrees'))}`
      seen.add(state)
      const worktree = made(await repository.worktrees().make(request))
      expect(worktree.branch).toBe(`opencode/kimaki-n${calls}`)
      expect(repository.at(worktree.directory, 'status', '--porcelain')).toBe('')
      if (!(first instanceof Killed)) break
    }
    expect(branches().filter((name) => name.includes('-n') && /-\d+$/.test(name.replace(/-n\d+$/, '')))).toEqual([])
    expect(seen.size).toBeGreaterThan(2)
  })

  test('one that nobody completes does not block its name for ever', async () => {
    const first = repository.worktrees(6)
    await first.make({ id: 'lost', source: repository.source, slug: 'fix' }).catch(() => undefined)
    expect(reasonIn(await make('fix', { id: 'soon', isNamed: true }))).toContain('the name "fix" is taken')
    repository.now += 2 * 3_600_000
    expect(made(await make('fix', { id: 'later', isNamed: true })).branch).toBe('opencode/kimaki-fix')
  })

  test('a folder that git was still filling when it was killed is filled anew', async () => {
    const worktree = made(await make('half', { id: 'one' }))
    const claim = join(worktree.directory, '../half.json')
    const { isReady: _, ...open } = JSON.parse(readFileSync(claim, 'utf8')) as { readonly isReady: true }
    writeFileSync(claim, JSON.stringify(open))
    repository.git('worktree', 'lock', '--reason', 'initializing', worktree.directory)
    rmSync(join(worktree.directory, 'README.md'))
    const again = made(await make('half', { id: 'one' }))
    expect(again.directory).toBe(worktree.directory)
    expect(repository.at(again.directory, 'status', '--porcelain')).toBe('')
  })
})

describe('removing one', () => {
  const remove = async (directory: string) => repository.worktrees().remove(repository.source, directory)

  test('a clean one goes with its branch, whose tip is kept', async () => {
    const { directory, branch, commit } = made(await make('fix'))
    const removed = await remove(directory)
    expect(removed).toMatchObject({ branch, trashed: [], undoRef: 'refs/kimaki/undo/20260601-t-fix' })
    expect([existsSync(directory), branches()]).toEqual([false, ['main']])
    expect(repository.git('rev-parse', 'refs/kimaki/undo/20260601-t-fix')).toBe(commit)
    expect(made(await make('fix', { id: 'another', isNamed: true })).branch).toBe(branch)
  })

  test.each([
    ['a change', (folder: string) => repository.write('README.md', 'two\n', folder), /not committed \(README\.md\)/],
    ['a new file', (folder: string) => repository.write('new.txt', 'x', folder), /not committed \(new\.txt\)/],
    ['a commit', (folder: string) => void repository.commit('new.txt', 'x', folder), /a commit that no other branch has/],
    [
      'a commit of a branch that was made there',
      (folder: string) => (
        repository.at(folder, 'checkout', '--quiet', '--detach'),
        void repository.commit('new.txt', 'x', folder)
      ),
      /a commit that no other branch has/,
    ],
  ])('%s refuses it', async (_what, work, reason) => {
    const { directory, branch } = made(await make('fix'))
    work(directory)
    expect(reasonIn(await remove(directory))).toMatch(reason)
    expect([existsSync(directory), branches().includes(branch)]).toEqual([true, true])
  })

  test('merged work goes, and ignored files are moved to the trash but for dependencies', async () => {
    repository.commit('.gitignore', '.env\nnode_modules/\ndata/\n')
    const { directory } = made(await make('fix'))
    repository.commit('new.txt', 'x', directory)
    repository.git('merge', '--quiet', '--ff-only', 'opencode/kimaki-fix')
    repository.write('.env', 'KEY=1', directory)
    repository.write('data/app.db', 'rows', directory)
    repository.write('node_modules/a/index.js', '', directory)
    const removed = await remove(directory)
    if (removed instanceof Error) throw removed
    expect(removed.trashed.toSorted()).toEqual(['.env', 'data'])
    expect(readFileSync(join(removed.trash ?? '', '.env'), 'utf8')).toBe('KEY=1')
    expect(readFileSync(join(removed.trash ?? '', 'data/app.db'), 'utf8')).toBe('rows')
    expect(existsSync(directory)).toBe(false)
  })

  test('after 14 days the kept tip and the trash go with the next removal', async () => {
    repository.commit('.gitignore', '.env\n')
    const first = made(await make('one'))
    repository.write('.env', '', first.directory)
    const removed = await remove(first.directory)
    if (removed instanceof Error) throw removed
    const second = made(await make('two'))
    repository.now += 16 * 86_400_000
    await remove(second.directory)
    expect(existsSync(removed.trash ?? '')).toBe(false)
    expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/kimaki')).toBe('refs/kimaki/undo/20260617-t-two')
  })

  test('one whose folder is gone is removed; one of somebody else is not', async () => {
    const { directory } = made(await make('fix'))
    rmSync(directory, { recursive: true })
    expect(await remove(directory)).toMatchObject({ trashed: [] })
    const foreign = join(repository.root, 'foreign')
    repository.git('worktree', 'add', '--quiet', '-b', 'mine', foreign)
    expect(reasonIn(await remove(foreign))).toContain('Kimaki has not made that worktree')
    expect(existsSync(foreign)).toBe(true)
  })
})

test('they are listed with who made them, what is in them, and how far they are ahead', async () => {
  const clean = made(await make('clean'))
  const dirty = made(await make('dirty'))
  const gone = made(await make('gone'))
  repository.commit('new.txt', 'x', clean.directory)
  repository.write('other.txt', 'x', dirty.directory)
  rmSync(gone.directory, { recursive: true })
  const listed = await repository.worktrees().list(repository.source)
  if (listed instanceof Error) throw listed
  const short = listed.map(({ branch, madeBy, state, ahead }) => `${branch ?? ''} ${madeBy} ${state} ${ahead}`)
  expect(short.toSorted()).toEqual(
    [
      'main project clean 0',
      'opencode/kimaki-clean kimaki clean 1',
      'opencode/kimaki-dirty kimaki uncommitted 0',
      'opencode/kimaki-gone kimaki gone 0',
    ].toSorted(),
  )
})

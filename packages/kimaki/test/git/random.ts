/** Random work in a random repository: what people leave in one, what Kimaki is asked, and when it is killed; and what must be left of all of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MergedWorktree } from '../../src/ports/git/worktrees.ts'
import { Killed, Repository } from './repository.ts'

/** How people have left the repository. */
export const LEFT = [
  'dirty',
  'staged',
  'new-file',
  'ignored',
  'detached',
  'rebasing',
  'foreign',
  'taken',
  'hooks',
  'odd-names',
] as const
/** What happens: the agent works, or Kimaki is asked for something. */
export const DEEDS = ['make', 'commit', 'change', 'ignore', 'commit-home', 'merge', 'abort', 'undo', 'remove'] as const

interface Deed {
  readonly kind: (typeof DEEDS)[number]
  /** Which worktree, by its name. */
  readonly slug: 'one' | 'two'
  /** Calls of git until Kimaki is killed; it is asked again, or not. */
  readonly killedAfter: number
  readonly isAskedAgain: boolean
}

export class RandomWork {
  readonly repository = new Repository()
  readonly #commits = new Set<string>()
  /** Contents of files that no commit has; each stands in one file only. */
  readonly #bytes = new Set<string>()
  readonly #merged: Extract<MergedWorktree, { kind: 'merged' }>[] = []
  #count = 0

  constructor(left: readonly (typeof LEFT)[number][]) {
    this.repository.commit('.gitignore', '*.secret\n')
    for (const what of LEFT) if (left.includes(what)) this.#leave(what)
    for (const commit of this.repository.git('rev-list', '--all', 'HEAD').split('\n')) this.#commits.add(commit)
  }

  async do(deed: Deed): Promise<void> {
    const attempt = async (calls: number): Promise<unknown> => this.#attempt(deed, calls).catch((error: unknown) => error)
    const result = await attempt(deed.killedAfter)
    const last = result instanceof Killed && deed.isAskedAgain ? await attempt(Number.POSITIVE_INFINITY) : result
    if (last instanceof Error && last.name === 'TypeError') throw last
    if (isMerged(last)) this.#merged.push(last)
  }

  /** What is gone. */
  lost(): readonly string[] {
    const { repository } = this
    const heads = worktreesIn(repository).flatMap((folder) => headsIn(repository, folder))
    const reachable = new Set(repository.git('rev-list', '--all', 'HEAD', ...heads).split('\n'))
    const onDisk = new Set(contentsBelow(repository.root))
    return [
      ...[...this.#commits].filter((commit) => !reachable.has(commit)).map((commit) => `the commit ${commit}`),
      ...[...this.#bytes].filter((bytes) => !onDisk.has(bytes)).map((bytes) => `the file with "${bytes}"`),
    ]
  }

  async #attempt({ kind, slug }: Deed, calls: number): Promise<unknown> {
    const { repository } = this
    const { source } = repository
    const worktrees = repository.worktrees(calls)
    const directory = this.#folder(slug)
    const isThere = existsSync(join(directory, '.git'))
    switch (kind) {
      case 'make':
        return worktrees.make({ id: `t-${slug}`, source, slug })
      case 'merge':
        return isThere ? worktrees.merge({ id: `m-${this.#next()}`, directory, source, target: undefined }) : undefined
      case 'abort':
        return isThere ? worktrees.abortRebase(source, directory) : undefined
      case 'undo': {
        const last = this.#merged.at(-1)
        return last && worktrees.undo({ id: `u-${this.#next()}`, source, ...last })
      }
      case 'remove':
        return worktrees.remove(source, directory)
      case 'commit':
        return isThere ? this.#commit(directory, this.#next() % 2 ? 'README.md' : `f${this.#count}.txt`) : undefined
      case 'commit-home':
        return this.#commit(source, this.#next() % 2 ? 'README.md' : `h${this.#count}.txt`)
      case 'change':
        return isThere ? this.#write(`w${this.#next()}.txt`, directory) : undefined
      case 'ignore':
        return isThere ? this.#write(`w${this.#next()}.secret`, directory) : undefined
    }
  }

  #folder(slug: string): string {
    const root = join(this.repository.dataDir, 'worktrees')
    const [hash = 'none'] = existsSync(root) ? readdirSync(root) : []
    return join(root, hash, slug)
  }

  #next(): number {
    return (this.#count += 1)
  }

  /** Bytes that stand nowhere else. */
  #write(path: string, directory = this.repository.source): void {
    const bytes = `bytes ${this.#next()}`
    this.repository.write(path, bytes, directory)
    this.#bytes.add(bytes)
  }

  /** Of one file alone, whatever else is changed there; where a hook or a rebase refuses, nothing is committed. */
  #commit(directory: string, path: string): void {
    const { repository } = this
    if (repository.at(directory, 'status', '--porcelain', '--', path) !== '') return
    repository.write(path, `committed ${this.#next()}\n`, directory)
    try {
      repository.at(directory, 'add', '--', path)
      repository.at(directory, 'commit', '--quiet', '--no-verify', '-m', `change ${path}`, '--', path)
      this.#commits.add(repository.at(directory, 'rev-parse', 'HEAD'))
    } catch {
      // In a rebase that has stopped git commits no single file.
    }
  }

  #leave(what: (typeof LEFT)[number]): void {
    const { repository } = this
    switch (what) {
      case 'dirty':
        repository.commit('dirty.txt', 'clean\n')
        return this.#write('dirty.txt')
      case 'staged':
        this.#write('staged.txt')
        return void repository.git('add', 'staged.txt')
      case 'new-file':
        return this.#write('new.txt')
      case 'ignored':
        return this.#write('home.secret')
      case 'detached':
        return void repository.git('checkout', '--quiet', '--detach')
      case 'rebasing':
        return this.#leaveRebasing()
      case 'foreign': {
        const folder = join(repository.root, 'foreign')
        repository.git('worktree', 'add', '--quiet', '-b', 'foreign', folder)
        repository.commit('foreign.txt', 'x', folder)
        return this.#write('foreign-new.txt', folder)
      }
      case 'taken': {
        const tree = repository.git('rev-parse', 'HEAD^{tree}')
        const commit = repository.git('commit-tree', '-p', 'HEAD', '-m', 'taken', tree)
        return void repository.git('update-ref', 'refs/heads/opencode/kimaki-one', commit)
      }
      case 'hooks':
        mkdirSync(join(repository.source, '.git/hooks'), { recursive: true })
        for (const name of ['post-checkout', 'pre-rebase'])
          writeFileSync(join(repository.source, '.git/hooks', name), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
        return
      case 'odd-names':
        for (const name of ['ünï-cödé', 'a/b/c', '--', 'feature-$(x)']) {
          try {
            repository.git('branch', '--', name, 'HEAD')
          } catch {
            // Git does not take it.
          }
        }
        return this.#write('odd name "quoted".txt')
    }
  }

  #leaveRebasing(): void {
    const { repository } = this
    if (repository.git('status', '--porcelain', '--untracked-files=no') !== '') return
    const base = repository.git('rev-parse', 'HEAD')
    repository.commit('README.md', 'ours\n')
    repository.git('branch', '--force', 'side', 'HEAD')
    repository.git('checkout', '--quiet', '-b', 'mine', base)
    repository.commit('README.md', 'theirs\n')
    try {
      repository.git('rebase', '--quiet', 'side')
    } catch {
      // It stops at the conflict.
    }
  }
}

const isMerged = (result: unknown): result is Extract<MergedWorktree, { kind: 'merged' }> =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'merged'

const worktreesIn = (repository: Repository): readonly string[] =>
  [...repository.git('worktree', 'list', '--porcelain').matchAll(/^worktree (.+)$/gm)].flatMap(([, folder = '']) =>
    existsSync(join(folder, '.git')) ? folder : [],
  )

/** Where it stands, and where a rebase that waits began. */
const headsIn = (repository: Repository, folder: string): readonly string[] =>
  ['HEAD', 'ORIG_HEAD', 'REBASE_HEAD'].flatMap((name) => {
    try {
      return repository.at(folder, 'rev-parse', '--verify', '--quiet', name)
    } catch {
      return []
    }
  })

function contentsBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (name === '.git') return []
    return statSync(path).isDirectory() ? contentsBelow(path) : readFileSync(path, 'utf8')
  })
}

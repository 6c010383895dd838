/** Worktrees of all projects: what changes a repository goes one after the other. */
import { join } from 'node:path'
import { KeyedSerialQueue } from '../../base/serial.ts'
import type { WorktreesPort } from '../../ports/git/worktrees.ts'
import type { Git } from '../process.ts'
import { Claims } from './claims.ts'
import { listWorktrees } from './list.ts'
import { makeWorktree, refusalOf, type MakeDeps } from './make.ts'
import { abortRebase, mergeWorktree } from './merge.ts'
import { undoMerge } from './undo.ts'
import { removeWorktree } from './remove.ts'

export interface WorktreesOptions extends Pick<MakeDeps, 'git' | 'now' | 'mayWorkIn' | 'mayInstall' | 'settleMs'> {
  readonly dataDir: string
}

export function createWorktrees({ dataDir, ...options }: WorktreesOptions): WorktreesPort {
  const deps = { ...options, claims: new Claims(join(dataDir, 'worktrees')), trash: join(dataDir, 'trash') }
  const { git } = options
  const inOrder = new KeyedSerialQueue()
  return {
    make: (request) => inOrder.run(request.source, () => makeWorktree(deps, request)),
    refusal: (source, wanted) => refusalOf(deps, source, wanted),
    branches: (source, typed, onlyLocal = false) => branchesOf(git, source, typed, onlyLocal),
    list: (source) => listWorktrees(deps, source),
    merge: (request) => inOrder.run(request.source, () => mergeWorktree(deps, request)),
    abortRebase: (source, directory) => inOrder.run(source, () => abortRebase(git, directory)),
    undo: (request) => inOrder.run(request.source, () => undoMerge(git, deps.now(), request)),
    remove: (source, directory) => inOrder.run(source, () => removeWorktree(deps, source, directory)),
  }
}

const PROPOSED = 25

async function branchesOf(git: Git, source: string, typed: string, onlyLocal: boolean): Promise<readonly string[]> {
  const format = ['--sort=-committerdate', '--format=%(refname)']
  const places = onlyLocal ? ['refs/heads'] : ['refs/heads', 'refs/remotes']
  const listed = await git.ask(source, ['for-each-ref', ...format, ...places])
  if (listed instanceof Error) return []
  const names = listed.split('\n').map((ref) => ref.replace(/^refs\/(?:heads|remotes)\//, ''))
  const wanted = typed.trim()
  return names.filter((name) => name !== '' && !name.endsWith('/HEAD') && name.includes(wanted)).slice(0, PROPOSED)
}

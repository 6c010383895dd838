/**
 * Makes a worktree, whole or not at all.
 *
 *     claim ─▶ branch ─▶ folder ─▶ submodules, dependencies ─▶ ready
 *       └─────────┴─────────┴──▶ taken back, where a step is refused
 *
 * W1. The claim (`claims.ts`) stands before the first step. An attempt after a crash finds it, looks which steps are done, and goes on.
 * W2. A branch is made only where none is of that name, and never moved: an existing one is never reset.
 * W3. Until the claim is ready nobody works in the folder: what an attempt has left half-made there is nobody's work.
 * W4. One that is not ready after an hour is taken back by the next that is made.
 * W5. What is taken back: the folder, the branch if it still stands where it was made, the claim. In this order, so that a crash leaves the claim.
 */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { WorktreeError } from '../../base/errors.ts'
import type { Worktree, WorktreeWanted } from '../../domain/worktree.ts'
import type { MadeWorktree, MakeWorktree } from '../../ports/git/worktrees.ts'
import { reasonOf, type Git } from '../process.ts'
import { moveRef, tipOf } from '../refs.ts'
import { baseOf } from './base.ts'
import type { Claim, Claims } from './claims.ts'
import { entriesOf, type Entry } from './entries.ts'
import { fillSubmodules } from './submodules.ts'
import { installDependencies } from './install.ts'

export interface MakeDeps {
  readonly git: Git
  readonly claims: Claims
  readonly now: () => number
  /** Why a session of the project may not work in the folder. */
  readonly mayWorkIn: (source: string, directory: string) => Promise<undefined | WorktreeError>
  /** How long git of a bot that was killed is given to end. Milliseconds. */
  readonly settleMs?: number
  /** The programs of the project may run, so those that an installation starts may, too. */
  readonly mayInstall: (source: string) => boolean
}

export async function makeWorktree(deps: MakeDeps, request: MakeWorktree): Promise<MadeWorktree | WorktreeError> {
  const refused = await notARoot(deps.git, request.source)
  if (refused) return refused
  await takeBackAbandoned(deps, request)
  const claim = await claimFor(deps, request)
  if (claim instanceof Error) return claim
  const made = claim.isReady ? undefined : await complete(deps, claim)
  if (made instanceof Error) {
    await takeBack(deps, claim)
    return made
  }
  return { ...worktreeOf(claim), warnings: made ?? [] }
}

const worktreeOf = ({ source, directory, branch, base, commit }: Claim): Worktree => ({ source, directory, branch, base, commit })

/** Asked before a thread is opened for it. */
export async function refusalOf(deps: MakeDeps, source: string, wanted: WorktreeWanted): Promise<WorktreeError | undefined> {
  const refused = await notARoot(deps.git, source)
  if (refused) return refused
  if (wanted.isNamed && (await isTaken(deps, source, wanted.slug))) return takenError(wanted.slug)
  const base = await baseOf(deps.git, source, wanted.base)
  return base instanceof Error ? base : undefined
}

const takenError = (slug: string): WorktreeError =>
  new WorktreeError({ reason: `the name "${slug}" is taken: a branch or a worktree has it. Choose another one` })

/** Why there can be none: in a folder below the root git would make one of the whole repository. */
async function notARoot(git: Git, source: string): Promise<WorktreeError | undefined> {
  const root = await git.ask(source, ['rev-parse', '--show-toplevel'])
  if (root instanceof Error) return new WorktreeError({ reason: 'the project folder is no git repository' })
  const real = await realpath(source).catch(() => source)
  if ((await realpath(root).catch(() => root)) === real) return undefined
  return new WorktreeError({ reason: `the project folder is not the root of its git repository, which is ${root}` })
}

const NAMES_TRIED = 50

async function claimFor(deps: MakeDeps, request: MakeWorktree): Promise<Claim | WorktreeError> {
  const { git, claims, now } = deps
  const { id, source, slug, isNamed } = request
  const own = (await claims.of(source)).find((claim) => claim.id === id)
  if (own) return own
  const base = await baseOf(git, source, request.base)
  if (base instanceof Error) return base
  for (let n = 1; n <= (isNamed ? 1 : NAMES_TRIED); n += 1) {
    const name = n === 1 ? slug : `${slug}-${n}`
    if (await isTaken(deps, source, name)) continue
    const claim = await claims.claim({ id, slug: name, source, base: base.name, commit: base.commit, at: now() })
    if (claim) return claim
  }
  return takenError(slug)
}

/** A folder or a branch that is there already, whoever made it. */
async function isTaken({ git, claims }: MakeDeps, source: string, slug: string): Promise<boolean> {
  const directory = `${claims.folderOf(source)}/${slug}`
  return existsSync(directory) || (await tipOf(git, source, `refs/heads/opencode/kimaki-${slug}`)) !== undefined
}

/** What did not work and does no harm. */
async function complete(deps: MakeDeps, claim: Claim): Promise<readonly string[] | WorktreeError> {
  const { git, claims } = deps
  const { source, directory } = claim
  const failed = (await makeBranch(git, claim)) ?? (await makeFolder(deps, claim)) ?? (await deps.mayWorkIn(source, directory))
  if (failed) return failed
  const submodules = await fillSubmodules(git, source, directory)
  const installed = deps.mayInstall(source) ? await installDependencies(git, directory) : undefined
  await claims.ready(claim)
  return [...submodules, ...(installed === undefined ? [] : [installed])]
}

async function makeBranch(git: Git, { source, branch, commit }: Claim): Promise<undefined | WorktreeError> {
  const ref = `refs/heads/${branch}`
  const tip = await tipOf(git, source, ref)
  if (tip === commit) return undefined
  if (tip !== undefined) return new WorktreeError({ reason: `the branch ${branch} is there already` })
  const made = await moveRef(git, source, ref, { from: undefined, to: commit })
  return made && new WorktreeError({ reason: `the branch ${branch} cannot be made: ${made.reason}` })
}

const ADD_MS = 120_000

async function makeFolder(deps: MakeDeps, claim: Claim): Promise<undefined | WorktreeError> {
  const { git } = deps
  const { source, directory, branch } = claim
  const known = await settledEntry(deps, claim)
  if (known instanceof Error) return known
  if (known && known.branch === branch && known.locked === undefined && !known.isPrunable) return undefined
  if (known ?? existsSync(directory)) {
    const cleared = await clear(git, claim)
    if (cleared) return cleared
  }
  const ran = await git.run(source, ['worktree', 'add', '--quiet', '--', directory, branch], { timeoutMs: ADD_MS })
  return ran.code === 0 ? undefined : new WorktreeError({ reason: reasonOf(ran, ['worktree']) })
}

const SETTLE_MS = 10_000
const LOOK_MS = 200

/** While git makes a worktree it is locked. The git of a bot that was killed may still be at it: it is given a while to end. */
async function settledEntry(
  { git, settleMs = SETTLE_MS }: MakeDeps,
  { source, directory }: Claim,
): Promise<Entry | undefined | WorktreeError> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const entries = await entriesOf(git, source)
    if (entries instanceof Error) return entries
    const entry = entries.find((one) => one.directory === directory)
    if (entry?.locked !== 'initializing' || waited >= settleMs) return entry
    await git.pause(LOOK_MS)
  }
}

/** W3: half-made, so its lock is no reason to keep it. */
async function clear(git: Git, { source, directory }: Claim): Promise<undefined | WorktreeError> {
  const removed = await git.run(source, ['worktree', 'remove', '--force', '--force', '--', directory])
  if (removed.code === 0 || !existsSync(directory)) return undefined
  return new WorktreeError({ reason: `the folder ${directory} is in the way: ${reasonOf(removed, ['worktree'])}` })
}

const ABANDONED_MS = 3_600_000

/** Somebody asked for one, and for whatever reason nobody completes it: its name is free again. Makes of a repository come one after the other. */
async function takeBackAbandoned(deps: MakeDeps, { id, source }: MakeWorktree): Promise<void> {
  for (const claim of await deps.claims.of(source))
    if (!claim.isReady && claim.id !== id && claim.at < deps.now() - ABANDONED_MS) await takeBack(deps, claim)
}

async function takeBack({ git, claims }: MakeDeps, claim: Claim): Promise<void> {
  const { source, branch, commit } = claim
  const entries = await entriesOf(git, source)
  const isEntry = !(entries instanceof Error) && entries.some(({ directory }) => directory === claim.directory)
  if (isEntry && (await clear(git, claim))) return
  const ref = `refs/heads/${branch}`
  if ((await tipOf(git, source, ref)) === commit) await moveRef(git, source, ref, { from: commit, to: undefined })
  await claims.giveBack(claim)
}

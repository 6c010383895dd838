/**
 * Branches move by compare-and-swap: a ref that is not where it was read stays where it is (git docs: git-update-ref). Tips that a branch
 * leaves are kept for 14 days under `refs/kimaki/undo/<day>-<id>`.
 */
import type { WorktreeError } from '../base/errors.ts'
import type { Git } from './process.ts'

const NOWHERE = '0000000000000000000000000000000000000000'
const KEPT_DAYS = 14
const DAY_MS = 86_400_000
const UNDO = 'refs/kimaki/undo/'

/** Undefined: there is none. */
export async function tipOf(git: Git, cwd: string, ref: string): Promise<string | undefined> {
  const tip = await git.ask(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  return tip instanceof Error ? undefined : tip
}

/** `from` undefined: it must not be there; `to` undefined: it goes. */
export async function moveRef(
  git: Git,
  cwd: string,
  ref: string,
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
): Promise<undefined | WorktreeError> {
  const moved =
    to === undefined
      ? await git.ask(cwd, ['update-ref', '-m', 'kimaki', '-d', ref, from ?? NOWHERE])
      : await git.ask(cwd, ['update-ref', '-m', 'kimaki', ref, to, from ?? NOWHERE])
  return moved instanceof Error ? moved : undefined
}

/** The name under which the commit is kept. */
export async function keepForUndo(
  git: Git,
  cwd: string,
  { id, commit, now }: { readonly id: string; readonly commit: string; readonly now: number },
): Promise<string | WorktreeError> {
  const ref = `${UNDO}${dayOf(now)}-${id.replaceAll(/[^\w-]/g, '-')}`
  const known = await tipOf(git, cwd, ref)
  if (known === commit) return ref
  const kept = await moveRef(git, cwd, ref, { from: known, to: commit })
  return kept ?? ref
}

/** What was kept 14 days long goes. */
export async function forgetOldUndo(git: Git, cwd: string, now: number): Promise<void> {
  const listed = await git.ask(cwd, ['for-each-ref', '--format=%(refname) %(objectname)', UNDO])
  if (listed instanceof Error) return
  for (const line of listed.split('\n')) {
    const [ref = '', commit] = line.split(' ')
    const day = /(\d{8})-/.exec(ref.slice(UNDO.length))?.[1]
    if (day !== undefined && isOldDay(day, now)) await moveRef(git, cwd, ref, { from: commit, to: undefined })
  }
}

export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10).replaceAll('-', '')

export const isOldDay = (day: string, now: number): boolean => day < dayOf(now - KEPT_DAYS * DAY_MS)

/** The commit that was kept under this id; undefined: none was. */
export async function keptUnder(git: Git, cwd: string, id: string): Promise<string | undefined> {
  const listed = await git.ask(cwd, ['for-each-ref', '--format=%(refname) %(objectname)', UNDO])
  if (listed instanceof Error) return undefined
  const found = listed.split('\n').find((line) => line.split(' ')[0]?.slice(UNDO.length + 9) === id.replaceAll(/[^\w-]/g, '-'))
  return found?.split(' ')[1]
}

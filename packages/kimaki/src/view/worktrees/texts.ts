/** What people read about worktrees. */
import type { Worktree } from '../../domain/worktree.ts'
import { plain } from '../text/notice.ts'

const NAME_MAX = 100
const REASON_MAX = 600

export const notMadeText = (reason: string): string => `✗ no worktree: ${plain(reason, REASON_MAX)}. Nothing of it is left.`

export const madeText = ({ branch, base, directory }: Worktree): string =>
  `⬦ works in a worktree of its own: branch \`${plain(branch, NAME_MAX)}\`, made from \`${plain(base, NAME_MAX)}\`\n\`${plain(directory, REASON_MAX)}\``

export const notBegunText = (reason: string): string => `✗ not begun: ${plain(reason, REASON_MAX)}`

export const notRemovedText = (slug: string, reason: string): string =>
  `✗ **${plain(slug, NAME_MAX)}** stays: ${plain(reason, REASON_MAX)}`

export function removedText(slug: string, { undoRef, trashed, trash }: Removed): string {
  const kept = undoRef === undefined ? '' : `\nIts branch is kept for 14 days as \`${plain(undoRef, NAME_MAX)}\`.`
  const files = trashed.slice(0, FILES_NAMED).join(', ')
  const moved =
    trash === undefined
      ? ''
      : `\nFiles that git ignores (${plain(files, REASON_MAX)}${trashed.length > FILES_NAMED ? ', …' : ''}) are kept as long in \`${plain(trash, REASON_MAX)}\`.`
  return `✓ removed: **${plain(slug, NAME_MAX)}**${kept}${moved}`
}

const FILES_NAMED = 5

interface Removed {
  readonly undoRef: string | undefined
  readonly trashed: readonly string[]
  readonly trash: string | undefined
}

/** One of a list. Discord shows the time as the reader has it: `<t:...>`. */
export function worktreeLine({ branch, directory, madeBy, state, ahead, madeAt }: Listed): string {
  const facts = [
    madeBy === 'kimaki' ? 'Kimaki' : 'made elsewhere',
    STATES[state],
    ...(ahead > 0 ? [`${ahead} ahead`] : []),
    ...(madeAt === undefined ? [] : [`<t:${Math.floor(madeAt / 1000)}:R>`]),
  ]
  const folder = directory.length > LINE_FOLDER_MAX ? `…${directory.slice(-LINE_FOLDER_MAX)}` : directory
  return `\`${plain(branch ?? 'no branch', LINE_NAME_MAX)}\`: ${facts.join(', ')} \`${folder.replaceAll('`', '')}\``
}

const LINE_NAME_MAX = 60
const LINE_FOLDER_MAX = 60

const STATES = {
  clean: 'nothing uncommitted',
  uncommitted: 'uncommitted changes',
  rebasing: 'a rebase in progress',
  gone: 'its folder is gone',
} as const

interface Listed {
  readonly branch: string | undefined
  readonly directory: string
  readonly madeBy: 'project' | 'kimaki' | 'others'
  readonly state: keyof typeof STATES
  readonly ahead: number
  readonly madeAt: number | undefined
}

export const notMergedText = (reason: string): string => `✗ not merged: ${plain(reason, REASON_MAX)}`

export const notUndoneText = (reason: string): string => `✗ not taken back: ${plain(reason, REASON_MAX)}`

/** Said to the agent. */
export const conflictPrompt = (files: readonly string[]): string =>
  [
    'The commits of this worktree are being rebased onto the branch they are to be merged into, and git has stopped at a conflict.',
    ...(files.length > 0 ? [`Files in conflict: ${files.join(', ')}`] : []),
    'Resolve it here, in the worktree:',
    '1. Read both sides: `git status`, `git log --merge -p`, and the history of the files.',
    '2. Edit the files so that what both sides intended is kept, then `git add` them.',
    '3. `GIT_EDITOR=true git rebase --continue`; repeat until the rebase has ended.',
    'Do not use `git rebase --skip` or `--abort`, and do not push. If you cannot tell what is meant, ask. When the rebase has ended, the merge goes on by itself.',
  ].join('\n')

/** What belongs to a thread, and not to a turn: its name, the worktree that was made for it, and the merge of that. */
const MERGE = {
  id: '7',
  userId: '6',
  step: 1,
  phase: { kind: 'merged', merged: { branch: 'b', target: 'main', from: 'a', to: 'c', commits: 1 } },
} as const

const WORKTREE = {
  kind: 'made',
  request: { slug: 'fix' },
  worktree: { source: '/p', directory: '/w/fix', branch: 'opencode/kimaki-fix', base: 'main', commit: 'c0ffee' },
  warnings: [],
} as const

/** The worktree and what came of the merge are said once; the merge can be taken back later. */
export const PLACED = {
  merge: { slice: MERGE, left: { ...MERGE, isTold: true } },
  title: { slice: { given: 'a name', isTheirs: true }, left: { given: 'a name', isTheirs: true } },
  worktree: { slice: WORKTREE, left: { ...WORKTREE, isTold: true } },
} as const

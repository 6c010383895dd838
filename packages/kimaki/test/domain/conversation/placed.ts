/** A worktree that was made for a thread, and its merge. */
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

/** Both belong to the thread, and are said once: the last merge can be taken back later. */
export const PLACED = {
  merge: { slice: MERGE, left: { ...MERGE, isTold: true } },
  worktree: { slice: WORKTREE, left: { ...WORKTREE, isTold: true } },
} as const

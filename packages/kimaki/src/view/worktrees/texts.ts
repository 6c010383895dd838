/** What people read about worktrees. */
import type { Worktree } from '../../domain/worktree.ts'
import { plain } from '../text/notice.ts'

const NAME_MAX = 100
const REASON_MAX = 600

export const notMadeText = (reason: string): string => `✗ no worktree: ${plain(reason, REASON_MAX)}. Nothing of it is left.`

export const madeText = ({ branch, base, directory }: Worktree): string =>
  `⬦ works in a worktree of its own: branch \`${plain(branch, NAME_MAX)}\`, made from \`${plain(base, NAME_MAX)}\`\n\`${plain(directory, REASON_MAX)}\``

/** `/new-worktree` opens a thread whose session works in a worktree of its own. */
import { projectFolderOf } from '../../domain/conversation/features/place/worktree.ts'
import { launchFor } from '../../domain/conversation/command.ts'
import { branchOf, slugOf, type WorktreeWanted } from '../../domain/worktree.ts'
import { notBegunText } from '../../view/worktrees/texts.ts'
import type { SlashCommand } from '../declaration.ts'

export const newWorktree: SlashCommand = {
  name: 'new-worktree',
  description: 'Begin a thread that works in a git worktree, on a new branch (isolate, parallel, branch)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    { kind: 'string', name: 'name', description: 'Names the branch and the folder, after opencode/kimaki-', required: true },
    {
      kind: 'string',
      name: 'base-branch',
      description: 'What it is made from; without it, from where the project folder stands',
      required: false,
      autocomplete: true,
    },
  ],
  run(_state, { options, channelId }) {
    const slug = slugOf(String(options['name'] ?? ''))
    if (slug === undefined) return { reply: '✗ not begun: the name needs letters from a to z, digits or dashes' }
    return { work: { slug, base: String(options['base-branch'] ?? '').trim(), channelId } }
  },
  async work({ git: { worktrees } }, { args, asker, state, isRetry }) {
    const slug = String(args['slug'])
    const base = String(args['base'])
    const wanted: WorktreeWanted = { slug, isNamed: true, ...(base !== '' && { base }) }
    const refused = isRetry ? undefined : await worktrees.refusal(projectFolderOf(state), wanted)
    if (refused) return { reply: notBegunText(String(refused.reason)) }
    const name = `⬦ worktree: ${branchOf(slug)}`
    return { requests: [launchFor(asker, name, state.channelId, { name, worktree: wanted, isEmpty: true })] }
  },
  proposes: {
    async 'base-branch'({ git: { worktrees } }, { directory, typed }) {
      const names = await worktrees.branches(directory, typed)
      return names.filter((name) => name.length <= VALUE_MAX).map((name) => ({ name, value: name }))
    },
  },
}

/** Discord docs: Application Command Option Choice. */
const VALUE_MAX = 100

/** The options of every command, as data: the wrapper reads this table without loading the library that parses command lines. */
import type { OptionDeclarations } from './command.ts'

export const GLOBAL_FLAGS = {
  dataDir: { flag: '--data-dir <folder>', description: 'where kimaki keeps its state (default: ~/.kimaki)' },
  projectsDir: {
    flag: '--projects-dir <folder>',
    description: 'where new projects are made (default: projects in the data folder)',
  },
  verbosity: {
    flag: '--verbosity <level>',
    description: 'what threads show: text_only, text_and_essential_tools (default) or tools_and_text',
  },
  opencodeServers: {
    flag: '--opencode-servers <n>',
    description: 'most OpenCode servers at a time, 1 is one for all projects (default: one for every 2 GB, at most 8)',
  },
  permissionTimeoutMinutes: {
    flag: '--permission-timeout-minutes <n>',
    description: 'a permission that nobody answers for so long is rejected, and the agent told (default: it waits)',
  },
  disableSync: {
    flag: '--disable-sync',
    description: 'sessions of terminals are not shown, and messages do not wait for them (default: they are, and do)',
  },
  critique: {
    flag: '--no-critique',
    description: 'the agent is not told how people look at its diffs (default: it is, and leaves diffs out of its answers)',
  },
  guestApproval: {
    flag: '--guest-approval',
    description: 'a message of somebody who may not speak can be let in by somebody who may (default: it is ignored)',
  },
  mentionMode: {
    flag: '--mention-mode',
    description:
      'in channels where nobody has chosen, only messages that mention the bot begin sessions (default: every message)',
  },
  useWorktrees: {
    flag: '--use-worktrees',
    description: 'in channels where nobody has chosen, a new thread works in a git worktree of its own (default: in the project)',
  },
  allowAllUsers: {
    flag: '--allow-all-users',
    description:
      'every member of a server may speak, and so run commands as you; the role no-kimaki still blocks (default: see docs)',
  },
  restrictDirectories: {
    flag: '--restrict-directories',
    description: 'the agent asks before it opens folders outside of its project (this is the default)',
  },
} as const satisfies OptionDeclarations

const FLAGS: readonly string[] = Object.values(GLOBAL_FLAGS).map(({ flag }) => flag)

/** Are these arguments options of the plain `kimaki` and nothing else? `main.ts` decides about all others. */
export function isPlainCommand([name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  if (FLAGS.includes(name)) return isPlainCommand(rest)
  return FLAGS.some((flag) => flag.startsWith(`${name} <`)) && rest.length > 0 && isPlainCommand(rest.slice(1))
}

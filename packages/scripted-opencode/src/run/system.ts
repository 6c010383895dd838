/** The system prompt: who the agent is and where it works, in a few lines where OpenCode's has many. */
import type { Agent } from '../config/agents.ts'
import type { Instance } from '../config/instance.ts'
import type { ChatMessage } from '../model/conversation.ts'

export function systemPrompt({ directory, worktree }: Instance, agent: Agent | undefined): ChatMessage {
  const lines = [
    agent?.prompt ?? 'You are OpenCode, an agent that helps with software.',
    '<env>',
    `  Working directory: ${directory}`,
    `  Workspace root folder: ${worktree}`,
    `  Is directory a git repo: ${worktree === '/' ? 'no' : 'yes'}`,
    `  Platform: ${process.platform}`,
    `  Today's date: ${new Date().toDateString()}`,
    '</env>',
  ]
  return { role: 'system', content: lines.join('\n') }
}

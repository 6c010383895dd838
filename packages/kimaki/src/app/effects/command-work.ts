/** The work of a slash command: the file of the command does it (`commands/`). */
import { commandsByName } from '../../commands/index.ts'
import type { CommandWork, WorkOutcome } from '../../domain/conversation/command.ts'
import { unknownCommandText } from '../../view/command.ts'
import { agentErrorText, askAgent } from '../ask-agent.ts'
import { defineEffect } from './definition.ts'

export const commandWork = defineEffect<CommandWork, WorkOutcome>({
  kind: 'command-work',
  afterCrash: {
    by: 'probe',
    why: 'what is to be done stands in its arguments; a retry looks first, or does what may be done twice',
  },
  proof: {
    file: 'packages/kimaki/test/app/command-work.test.ts',
    test: 'killed before its outcome is on record, the work is done again with the same arguments, and knows that it is a retry',
  },
  access: ({ asker: { id: requestId, guildId, userId, name } }) => ({
    requestId,
    guildId,
    userId,
    deed: commandsByName.get(name)?.deed,
  }),
  async run(deps, task, { isRetry, conversation: { state } }) {
    const work = commandsByName.get(task.asker.name)?.work
    if (!work || !state) return { kind: 'failed', text: unknownCommandText(task.asker.name) }
    const answer = await askAgent(deps, async (again) => work(deps, { ...task, state, isRetry: isRetry || again }))
    deps.unrecorded.forget(task.asker.id)
    return answer instanceof Error ? { kind: 'failed', text: agentErrorText(answer, 'command') } : { kind: 'answered', answer }
  },
})

/** Fetches the files of a message, the message its thread was opened from where that is wanted, and the names of OpenCode's commands for one that may be such a command. */
import { mayBeCommand } from '../../domain/message/intent.ts'
import type { Prepare, RunOutcome } from '../../domain/conversation/run/effects.ts'
import { askAgent, failed } from '../ask-agent.ts'
import { prepareAttachments, threadStarter } from './attachments.ts'
import { defineEffect } from './definition.ts'

export const prepare = defineEffect<Prepare, RunOutcome>({
  kind: 'prepare',
  afterCrash: {
    by: 'idempotent',
    why: 'files are written again under the same derived names; the starter of a thread and names of commands are only read',
  },
  proof: { points: ['attachment-before', 'attachment-after'] },
  async run(deps, { message, directory, withStarter }, { conversation }) {
    const starter = withStarter ? await threadStarter(deps, message) : undefined
    const prepared = await prepareAttachments(deps, conversation.id, message, starter)
    const fetched = { kind: 'prepared', prepared, ...(starter && { starter }) } as const
    if (!mayBeCommand(message.text)) return fetched
    const commands = await askAgent(deps, async () => deps.agent.commands(directory))
    return commands instanceof Error ? failed(commands) : { ...fetched, commands }
  },
})

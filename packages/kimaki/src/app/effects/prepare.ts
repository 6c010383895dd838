/** Fetches the files of a message, and the names of OpenCode's commands for one that may be such a command. */
import { mayBeCommand } from '../../domain/message/intent.ts'
import type { Prepare, RunOutcome } from '../../domain/conversation/run/effects.ts'
import { askAgent, failed } from '../ask-agent.ts'
import { prepareAttachments } from './attachments.ts'
import { defineEffect } from './definition.ts'

export const prepare = defineEffect<Prepare, RunOutcome>({
  kind: 'prepare',
  afterCrash: { by: 'idempotent', why: 'files are written again under the same derived names; names of commands are only read' },
  proof: { points: ['attachment-before', 'attachment-after'] },
  async run(deps, { message, directory }, { conversation }) {
    const prepared = await prepareAttachments(deps, conversation.id, message)
    if (!mayBeCommand(message.text)) return { kind: 'prepared', prepared }
    const commands = await askAgent(deps, async () => deps.agent.commands(directory))
    return commands instanceof Error ? failed(commands) : { kind: 'prepared', prepared, commands }
  },
})

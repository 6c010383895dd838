/** The visible end of a prompt that was not answered, in words. */
import { isAboutFiles } from '../domain/agent.ts'
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import type { FailReason, Prompt } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { IncomingMessage } from '../domain/message/incoming.ts'
import { lineBlock, type Block } from './blocks.ts'
import { durationText } from './text/footer.ts'
import { failureText, NAME_MAX, plain, refusedFilesText } from './text/notice.ts'

export const endBlocks = ({ turn }: Conversation): readonly Block[] => turn.prompts.flatMap(endBlock)

/** Undefined: nothing is said of it. */
export const endText = (prompt: Prompt): string | undefined => endBlock(prompt)[0]?.text

function endBlock({ id, message, phase }: Prompt): readonly Block[] {
  if (phase.kind !== 'ended') return []
  const { end } = phase
  const block = (text: string): Block => ({ ...lineBlock(blockKey('prompt', id, 'end'), text), notify: true })
  switch (end.kind) {
    case 'withdrawn':
      return [{ ...block('⬦ deleted before the agent saw it: not run'), notify: false }]
    case 'stopped-by':
      return [block(`⬦ stopped by **${plain(end.by, NAME_MAX)}**\nSend a message to go on.`)]
    case 'stopped-elsewhere':
      return [block('⬦ stopped outside of Discord: in a terminal, or by a plugin of OpenCode\nSend a message to go on.')]
    case 'interrupted':
      return [block(INTERRUPTED)]
    case 'failed':
      return [block(reasonText(end.reason, message))]
    case 'answered':
    case 'merged':
    case 'stopped':
      return []
  }
}

function reasonText(reason: FailReason, message: IncomingMessage): string {
  switch (reason.kind) {
    case 'agent':
      return isAboutFiles(reason.failure) && message.attachments.length > 0
        ? `${failureText(reason.failure)}\n${refusedFilesText(message.attachments.map(({ name }) => name))}`
        : failureText(reason.failure)
    case 'empty-loop':
      return '✗ stopped: the model kept sending empty answers\nSend a message to try again, or use another model.'
    case 'endless-answer':
      return '✗ stopped: the model never said that its answer was complete, so OpenCode asked it again and again\nSend a message to go on, or use another model or provider.'
    case 'repeated-failure':
      return `✗ stopped: the agent called ${plain(reason.tool, NAME_MAX)} again and again with the same input, and it failed each time\nSend a message that says what to do instead.`
    case 'context-overflow':
      return '✗ stopped: the context is too large, even after it was summed up\nStart a new thread, send less at once, or use a model with a larger context.'
    case 'stalled':
      return `✗ stopped: the model sent nothing for ${durationText(reason.afterMs)}\nSend a message to try again, or use another model.`
    case 'too-long':
      return `✗ stopped: the turn has worked for ${reason.limitMin} minutes, the limit here (KIMAKI_TURN_LIMIT_MIN)\nWhat it did until then stands. Send a message to go on.`
    case 'nothing-to-read':
      return '✗ not run: the message has no words, and none of its files could be read\nSend the files again, or write what you want.'
    case 'session-gone':
      if (reason.isUnread) return '✗ not run: the session was deleted outside Kimaki\nSend it again: it begins a new session.'
      return '✗ the session was deleted outside Kimaki before it had answered\nWhat it did until then stands. Your next message begins a new session, which knows nothing of this one.'
    case 'gave-up':
      return '✗ given up: the run was cut off several times before it could answer\nSend a message to try again.'
    case 'told':
      return reason.text
  }
}

/** A tool had started before the run was cut off: what still ran of it is ended, and it is never begun again on its own. */
const INTERRUPTED =
  '⬦ interrupted: the run was cut off after a tool had started. What the tool still did is ended, and the run is not repeated\nSend a message to continue.'

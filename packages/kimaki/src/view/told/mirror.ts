/** What somebody writes in a terminal, and a prompt that waits for the terminal's run; that notice is edited when it has begun. */
import type { UserMessage } from '../../domain/agent.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import { goesOn } from '../../domain/conversation/features/told/goes-on.ts'
import { mirror, type TerminalWait } from '../../domain/conversation/features/told/mirror.ts'
import { isOfTerminal } from '../../domain/conversation/run/watch/elsewhere.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, noticeBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'

const WORDS_MAX = 1000

/** A thread that somebody asked for shows only what the agent said before. */
export function terminalBlocks(state: Conversation, message: UserMessage): readonly Block[] {
  const passage = goesOn.of(state)
  const isEarlier = passage?.kind === 'here' && passage.isMirror !== true
  if (isEarlier || !isOfTerminal(state, message)) return []
  return [lineBlock(blockKey('terminal', message.id), `» ${plain(message.words, WORDS_MAX)}`)]
}

export function mirrorBlocks(state: Conversation): readonly Block[] {
  const { wait } = mirror.of(state)
  if (!wait) return []
  const buttons = wait.state === 'waits' ? [button('send-now', wait.during, 'Send now')] : []
  return [{ ...noticeBlock(blockKey('elsewhere', wait.during), TEXTS[wait.state]), buttons }]
}

const TEXTS: Readonly<Record<TerminalWait['state'], string>> = {
  waits:
    '⬦ waits for a terminal: an agent works there in this session, and your message is sent when that is done\nIf that terminal is closed, press "Send now".',
  begun: '⬦ waited for a terminal: it has begun',
  'given-up': '⬦ waited for a terminal, and has not begun',
}

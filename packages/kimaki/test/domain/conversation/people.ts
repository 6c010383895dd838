/** What people do to a conversation, chosen by a number. */
import { COMMANDS } from '../../../src/commands/index.ts'
import { button } from '../../../src/domain/conversation/posts/button.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import type { ButtonPress, CommandInvocation } from '../../../src/domain/conversation/request.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { GUILD } from '../../support/conversation.ts'

const PERSON = { guildId: GUILD, channelId: '1', userId: '3', userName: 'ada' }

export const invocation = (n: number, id: string): CommandInvocation => ({
  ...PERSON,
  id,
  applicationId: '1',
  token: 't',
  name: n % 5 === 0 ? 'unknown' : (COMMANDS[n % COMMANDS.length]?.name ?? ''),
  options: { unread: n % 2 ? 'keep' : 'drop' },
})

/** Of a button that stands, or stood. */
export function press(state: Conversation, n: number): ButtonPress | undefined {
  const { prompts, messages } = state.turn
  const buttons = [
    ...[...prompts, ...queue.of(state)].map(({ id }) => button('unqueue', id, '')),
    ...messages.flatMap(({ id }) => [button('stop', id, ''), button('stop-all', id, '')]),
    ...prompts.map(({ id }) => button('stop-run', id, '')),
    ...shell.of(state).map(({ id }) => button('stop-shell', id, '')),
  ]
  const pressed = buttons[n % Math.max(buttons.length, 1)]
  return pressed && { ...PERSON, id: '1', messageId: '2', customId: pressed.id }
}

/** What people do to a conversation, chosen by a number. */
import { voiceKey, type VoiceNote, type VoicePhase } from '../../../src/domain/conversation/features/voice/voice.ts'
import { COMMANDS } from '../../../src/commands/index.ts'
import { button } from '../../../src/domain/conversation/posts/button.ts'
import { aboutOf, asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import type { ButtonPress, CommandInvocation } from '../../../src/domain/conversation/request.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import type { Ask } from '../../../src/domain/agent.ts'
import { GUILD, message, SESSION } from '../../support/conversation.ts'

const PERSON = { guildId: GUILD, channelId: '1', userId: '3', userName: 'ada' }

/** The answers of others do not depend on the conversation. */
const OF_THREADS = COMMANDS.filter(({ name, where }) => where !== 'channel-or-thread' && where !== 'anywhere' && name !== 'abort')

export const invocation = (n: number, id: string): CommandInvocation => ({
  ...PERSON,
  id,
  applicationId: '1',
  token: 't',
  name: nameOf(n),
  options: { unread: n % 2 ? 'keep' : 'drop', message: `queued ${n}`, prompt: `aside ${n}` },
  target: { id: `7${n}`, text: `picked ${n}`, hasFiles: false, authorId: undefined },
})

function nameOf(n: number): string {
  if (n % 5 === 0) return 'unknown'
  return n % 5 === 1 ? (OF_THREADS[n % OF_THREADS.length]?.name ?? '') : 'abort'
}

export const permission = (id: string, n: number): Ask => ({
  id,
  kind: 'permission',
  session: n % 5 === 0 ? 'ses_child' : SESSION,
  title: `bash: rm ${n % 4}`,
  permission: 'bash',
  patterns: [`rm ${n % 4}`],
  always: n % 3 === 0 ? [] : ['rm *'],
  details: {
    kind: 'command',
    text: `rm ${n % 4}`,
  },
})

export const questions = (id: string): Ask => ({
  id,
  kind: 'question',
  session: SESSION,
  title: 'Which?',
  questions: [false, true].map((multiple) => ({
    header: 'Colour',
    text: 'Which?',
    multiple,
    options: ['Red', 'Blue'].map((label) => ({
      label,
      description: '',
    })),
  })),
})

/** Of a button that stands, or stood. */
export function press(state: Conversation, n: number): ButtonPress | undefined {
  const { prompts, messages } = state.turn
  const buttons = [
    ...[...prompts, ...queue.of(state)].map(({ id }) => button('unqueue', id, '')),
    ...messages.flatMap(({ id }) => [button('stop', id, ''), button('stop-all', id, '')]),
    ...prompts.map(({ id }) => button('stop-run', id, '')),
    ...shell.of(state).map(({ id }) => button('stop-shell', id, '')),
    ...asks
      .of(state)
      .asks.flatMap((ask) => [
        ...['ask-allow', 'ask-allow-always', 'ask-allow-thread', 'ask-deny'].map((action) => button(action, aboutOf(ask), '')),
        ...[0, 1].map((option) => button('ask-pick', aboutOf(ask, ask.form.given.length, option), '')),
        button('ask-done', aboutOf(ask, ask.form.given.length), ''),
      ]),
  ]
  const pressed = buttons[n % Math.max(buttons.length, 1)]
  return pressed && { ...PERSON, id: '1', messageId: '2', customId: pressed.id }
}

const spoken = (order: number, phase: VoicePhase): VoiceNote => ({
  id: `discord:${order}`,
  order,
  message: message(`m${order}`),
  acceptedAt: 1,
  isQueued: false,
  attempt: 1,
  phase,
})

const LEFT = [
  spoken(1, { kind: 'hearing' }),
  spoken(2, { kind: 'keyless' }),
  spoken(7, { kind: 'failed', text: '✗ no', canRetry: true }),
]

/** Voice messages in every phase, and what is left of them when the turn is closed: what may still become a prompt, or be tried again. */
export const VOICE_NOTES = {
  slice: [
    ...LEFT,
    spoken(3, { kind: 'heard', text: 'water it', isQueued: false, agent: undefined }),
    spoken(4, { kind: 'failed', text: '✗ damaged', canRetry: false }),
    spoken(5, { kind: 'withdrawn' }),
    spoken(6, { kind: 'dropped', text: '✗ gone' }),
  ],
  left: LEFT,
  outlives: LEFT.map(({ id }) => voiceKey(id)),
}

export const IMAGE = { id: '9', name: 'a.png', contentType: 'image/png', size: 1, url: 'https://x' }

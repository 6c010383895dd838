/** Where a message is, for the person who asks. */
import type { Whereabouts } from '../../domain/conversation/inquiry/where.ts'
import type { PromptPhase } from '../../domain/conversation/prompt.ts'
import { endText } from '../ends.ts'
import { NAME_MAX, plain } from '../text/notice.ts'

export function whereText(where: Whereabouts, guildId: string): string {
  switch (where.kind) {
    case 'ours':
      return '⬦ this is a message of Kimaki'
    case 'unseen':
      return '✗ not received: Discord has not told Kimaki of this message\nWait a minute. If nothing comes, run `/why` in its thread.'
    case 'not-allowed':
      return '✗ refused: its author may not use Kimaki here\nWho may: the owner of the server, Administrators, those with Manage Server, and the role Kimaki.'
    case 'not-for-us':
      return '⬦ not for the agent: it stands where Kimaki does not listen, or says nothing that an agent could read\nMention the bot to bring it into a thread.'
    case 'received':
      return '⬦ received: it is on record, and not taken up yet'
    case 'for-others':
      return '⬦ received: it is for somebody else, so the agent reads it with the next message that is not'
    case 'answers-ask':
      return '⬦ received: it answered what the agent had asked'
    case 'gone-by':
      return '⬦ received: Kimaki has done what it asks for, and the agent got no message of it'
    case 'queued':
      return `⬦ waiting at ${where.position} in the queue`
    case 'removed':
      return `⬦ not run: **${plain(where.by, NAME_MAX)}** took it out of the queue`
    case 'refused':
      return '✗ refused: the queue was full\nSend it again.'
    case 'dropped':
      return '✗ not run: there was no thread or session to run it in\nSend it again.'
    case 'prompt':
      return promptText(where, guildId)
  }
}

function promptText({ prompt, answeredAt }: Extract<Whereabouts, { kind: 'prompt' }>, guildId: string): string {
  const { phase } = prompt
  if (phase.kind !== 'ended') return PHASES[phase.kind]
  const { end } = phase
  const link = answeredAt && `https://discord.com/channels/${guildId}/${answeredAt.channelId}/${answeredAt.messageId}`
  if (end.kind === 'answered') return link === undefined ? '⬦ answered in its thread' : `⬦ answered: ${link}`
  if (end.kind === 'merged') return '⬦ read together with a later message, which was answered'
  if (end.kind === 'stopped') return '⬦ stopped'
  return endText(prompt) ?? '⬦ ended'
}

const PHASES: Readonly<Record<Exclude<PromptPhase['kind'], 'ended'>, string>> = {
  waiting: '⬦ received: it is next to be made ready for the agent',
  preparing: '⬦ received: its files are being fetched',
  ready: '⬦ received: it waits to be given to the agent\n`/why` says what for.',
  sending: '⬦ being given to the agent',
  resend: '⬦ being given to the agent once more: its run was cut off',
  delivered: '⬦ with the agent: not answered yet',
}

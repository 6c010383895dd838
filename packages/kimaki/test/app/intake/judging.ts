/** What an event is judged in: one project channel, and what of it is known. */
import type { CommandRule, Surroundings, Verdict } from '../../../src/app/intake/acceptances.ts'
import { Pace } from '../../../src/app/intake/pace.ts'
import type { SaidInChannel } from '../../../src/domain/conversation/features/talk/bots.ts'
import { CHANNEL, GUILD, projectOf } from './testbed.ts'

export const THREAD = '150000000000000001'
export const NOW = 1_800_000_000_000

const commands = new Map<string, CommandRule>([
  ['abort', { where: 'thread', visibility: 'public' }],
  ['models', { where: 'channel-or-thread', visibility: 'ephemeral' }],
])
export const around = (
  known: readonly string[] = [],
  said: readonly SaidInChannel[] = [],
  { guestApproval = false, needsMention = false } = {},
): Surroundings => ({
  projectOf: (channelId) => (channelId === CHANNEL ? projectOf(CHANNEL) : undefined),
  hasConversation: async (id) => known.includes(id),
  saidIn: async () => said,
  commands,
  needsMention: () => needsMention,
  pace: new Pace(20),
  guestApproval,
  now: () => NOW,
})

export const place = (id: string, facts = {}) => ({
  id,
  guildId: GUILD,
  channelId: CHANNEL,
  directory: `/project/${CHANNEL}`,
  ...facts,
})
export const keys = (verdict: Verdict): readonly string[] =>
  verdict.kind === 'record' ? verdict.accept.map(({ key }) => key) : []
export const conversations = (verdict: Verdict) =>
  verdict.kind === 'record' ? verdict.accept.map(({ conversation }) => conversation) : []

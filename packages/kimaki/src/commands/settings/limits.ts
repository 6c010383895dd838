/** `/limits`: the accounts of each provider, and until when they are used up. Never a key. */
import type { AccountState, Listed } from '../../ports/accounts.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

export const limits: SlashCommand = {
  name: 'limits',
  description: 'Your accounts: which is in use, which is used up until when (quota, rate limit, multioauth)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  decidesUnread: true,
  options: [],
  run: () => ({ work: {} }),
  async work({ accounts }) {
    const found = accounts.read()
    return { reply: found instanceof Error ? `✗ ${plain(found.message, REASON_MAX)}` : limitsText(found) }
  },
}

const REASON_MAX = 400
const LONGEST = 1900

export function limitsText({ providers, order }: Listed): string {
  if (providers.length === 0)
    return '⬦ no accounts are listed\n`kimaki multioauth add <provider> <label>` on the machine adds one; from two on the agent goes on with the next when one is used up.'
  const lines = providers.flatMap(({ provider, accounts }) => [
    `**${plain(provider, NAME_MAX)}**`,
    ...accounts.map((account) => `- ${plain(account.label, NAME_MAX)}: ${stateText(account)}`),
  ])
  if (order.length > 0) lines.push(`when all of one are used up: ${order.map((name) => plain(name, NAME_MAX)).join(', ')}`)
  const shown: string[] = []
  for (const line of lines) if ([...shown, line].join('\n').length <= LONGEST) shown.push(line)
  const more = lines.length > shown.length ? ['… `kimaki multioauth list` on the machine has all'] : []
  return ['⬦ accounts, in the order in which they are tried', ...shown, ...more].join('\n')
}

/** Discord counts the time down by itself. */
function stateText({ state, until, why }: AccountState): string {
  if (state === 'used-up')
    return `used up until <t:${Math.ceil((until ?? 0) / 1000)}:f> (<t:${Math.ceil((until ?? 0) / 1000)}:R>): ${plain(why ?? '', REASON_MAX)}`
  if (state === 'out') return `out: ${plain(why ?? '', REASON_MAX)}. On the machine: \`kimaki multioauth clear\``
  return state === 'in-use' ? 'in use' : 'ready'
}

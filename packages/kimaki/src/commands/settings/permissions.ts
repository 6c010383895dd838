/**
 * `/permissions` lists what people have allowed for the project folder, with buttons that take it back. What a button is about stands in its
 * id, so an answer that is still shown works after a restart.
 */
import { cut } from '../../base/text.ts'
import type { StandingAllowance } from '../../domain/allowance.ts'
import { auditRevoked } from '../../domain/conversation/features/asks/audit.ts'
import type { Moment } from '../../domain/conversation/feature.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button, MessageContent } from '../../domain/conversation/posts/post.ts'
import type { ButtonPress } from '../../domain/conversation/request.ts'
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

export const permissions: SlashCommand = {
  name: 'permissions',
  description: 'What the agent may do in this project without asking, and taking it back (allow, always, revoke)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  deed: 'list',
  options: [],
  run: (_state, _command, { allowed }) => ({ reply: pageOf(allowed, 0) }),
  buttons: {
    'permissions-page': (about, _press, { allowed }) => ({ reply: pageOf(allowed, Number(about)) }),
    'permissions-revoke': revoke,
  },
}

function revoke(about: string, press: ButtonPress, { at, allowed }: Moment): CommandAnswer {
  const [id = '', page] = about.split('/')
  const revoked = allowed.find((allowance) => allowance.id === id)
  if (!revoked) return { reply: pageOf(allowed, Number(page), '⬦ that was revoked before') }
  const left = allowed.filter((allowance) => allowance !== revoked)
  return {
    allowances: [{ kind: 'revoke', id }],
    effects: [auditRevoked(revoked, press, at)],
    reply: pageOf(left, Number(page), `✓ revoked: ${nameOf(revoked)}`),
  }
}

/** Each has a button, and a page has two more. */
const PAGE_SIZE = 5
/** Units of the patterns of one: five fit into a message. */
const PATTERNS_MAX = 150

/** The page, or the last one where there are not so many any more. */
function pageOf(allowed: readonly StandingAllowance[], wanted: number, news?: string): MessageContent {
  const pages = Math.max(Math.ceil(allowed.length / PAGE_SIZE), 1)
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 0), pages - 1) : 0
  const first = page * PAGE_SIZE
  const shown = allowed.slice(first, first + PAGE_SIZE)
  const head =
    allowed.length === 0 ? NOTHING : `⬦ allowed in this project without asking${pages > 1 ? ` (${page + 1} of ${pages})` : ''}`
  const lines = shown.map((allowance, index) => `${first + index + 1}. ${lineOf(allowance)}`)
  return {
    text: [...(news === undefined ? [] : [news]), head, ...lines].join('\n'),
    buttons: [
      ...shown.map(({ id }, index) => button('permissions-revoke', `${id}/${page}`, `Revoke ${first + index + 1}`)),
      ...turning(page, pages),
    ],
  }
}

const turning = (page: number, pages: number): readonly Button[] => [
  ...(page > 0 ? [button('permissions-page', String(page - 1), 'Back')] : []),
  ...(page < pages - 1 ? [button('permissions-page', String(page + 1), 'Next')] : []),
]

const NOTHING = '⬦ nothing is allowed in this project without asking\n*Allow always* on a card of the agent adds to this list.'

/** Discord shows the time as the reader has it: `<t:...>`. */
const lineOf = (allowance: StandingAllowance): string =>
  `${nameOf(allowance)}, by **${plain(allowance.userName, NAME_MAX)}** <t:${Math.floor(allowance.at / 1000)}:f>`

const nameOf = ({ permission, patterns }: StandingAllowance): string =>
  `**${plain(permission, NAME_MAX)}** ${cut(patterns.join('  '), PATTERNS_MAX)
    .split('  ')
    .map((pattern) => `\`${pattern}\``)
    .join(', ')}`

/** The card of what the agent asks: exactly what it wants, the buttons to answer, and in the end who answered what. */
import { boundaryBefore } from '../../base/text.ts'
import { allowanceOf } from '../../domain/allowance.ts'
import type { AskEnd, KnownAsk } from '../../domain/conversation/features/asks/ask.ts'
import { aboutOf, askKey, asks, isWaiting } from '../../domain/conversation/features/asks/asks.ts'
import type { CoveringRule } from '../../domain/conversation/features/asks/covering.ts'
import { offersGoOn } from '../../domain/conversation/features/asks/go-on.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { durationText } from '../text/footer.ts'
import { subtaskLabel } from '../parts/subtasks.ts'
import { NAME_MAX, plain, REASON_MAX } from '../text/notice.ts'
import { pinging } from './ping.ts'
import { questionControls, questionHow, questionText, type Controls } from './question.ts'

/** Of 2000 units; the rest is for what one does with it. */
const DETAILS_MAX = 1300

export function askBlocks(state: Conversation): readonly Block[] {
  const known = asks.of(state).asks
  const isShown = (ask: KnownAsk): boolean => state.posts.posted.has(askKey(ask))
  /** Its twin has the card; left open alone, it gets one. */
  const hasCard = (ask: KnownAsk): boolean =>
    ask.twinOf === undefined || isShown(ask) || (isWaiting(ask) && !known.some((one) => one.id === ask.twinOf && isWaiting(one)))
  return known
    .filter(hasCard)
    .map((ask) => withPing(state, ask, under(ask.isChild ? subtaskLabel(state, ask.session) : undefined, cardOf(ask))))
}

/** A subagent asks: its label says which. */
const under = (label: string | undefined, card: Block): Block =>
  label === undefined ? card : { ...card, text: `-# ${label}\n${card.text}` }

const withPing = (state: Conversation, ask: KnownAsk, card: Block): Block =>
  isWaiting(ask) ? pinging(card, state, ask.during) : card

/** What an earlier answer covers is a quiet line, before and after it stands in the thread. */
function cardOf(ask: KnownAsk): Block {
  const { phase } = ask
  const end = phase.kind === 'ended' ? phase.end : phase.kind === 'answering' ? phase.answer : undefined
  if (end?.kind === 'covered') return noticeBlock(askKey(ask), coveredText(ask, end.rules))
  const [details, file] = ask.kind === 'permission' ? permissionText(ask) : [questionText(ask), undefined]
  const text = [details, end ? endText(ask, end) : howText(ask)].filter((line) => line !== '').join('\n')
  return {
    ...noticeBlock(askKey(ask), text),
    // What the agent says before it asks belongs before the card. A tool that waits closes it.
    inOrder: true,
    notify: isWaiting(ask),
    ...(isWaiting(ask) ? controlsOf(ask) : { buttons: offersGoOn(ask) ? [button('ask-go-on', aboutOf(ask), 'Go on')] : [] }),
    ...(file !== undefined && { file: { name: 'asked.txt', text: file } }),
  }
}

function coveredText({ title }: KnownAsk, rules: readonly CoveringRule[] = []): string {
  const shown = rules.slice(0, RULES_SHOWN).map(({ pattern, by }) => `${inlineCode(pattern)} of **${plain(by, NAME_MAX)}**`)
  const further = rules.length > RULES_SHOWN ? ` and ${rules.length - RULES_SHOWN} more` : ''
  const why = shown.length === 0 ? 'as before' : `by the rule ${shown.join(', ')}${further}`
  return `⬦ allowed ${why}: ${plain(title, REASON_MAX)}`
}

const RULES_SHOWN = 3

const LANGUAGES = { command: 'sh', diff: 'diff', paths: '' } as const

/** The second text is for a file: all of it, where the card has no room. */
function permissionText({ permission, title, details }: KnownAsk): readonly [text: string, file: string | undefined] {
  if (permission === undefined || !details) return [`⬦ The agent asks for permission: ${plain(title, REASON_MAX)}`, undefined]
  const head = `⬦ The agent asks to use **${plain(permission, NAME_MAX)}**`
  const whole = details.text.toWellFormed()
  const code = inFence(whole)
  const isCut = code.length > DETAILS_MAX
  const shown = isCut ? code.slice(0, boundaryBefore(code, DETAILS_MAX)) : code
  const fence = `\`\`\`${LANGUAGES[details.kind]}\n${shown}\n\`\`\``
  return [
    [head, fence, isCut ? 'This is its beginning: all of it is attached.' : ''].filter((line) => line !== '').join('\n'),
    isCut ? whole : undefined,
  ]
}

function howText(ask: KnownAsk): string {
  if (ask.kind === 'question') return questionHow(ask)
  const allowance = allowanceOf(ask)
  const covers = allowance
    ? `-# *Allow always* allows for every session in this project: ${allowance.patterns.map(inlineCode).join(', ')}`
    : ''
  return [covers, '-# A reply to this message denies it too, with your words as the reason.']
    .filter((line) => line !== '')
    .join('\n')
}

function controlsOf(ask: KnownAsk): Controls {
  if (ask.kind === 'question') return questionControls(ask)
  const once = button('ask-allow', aboutOf(ask), 'Allow once')
  const always = allowanceOf(ask) ? [button('ask-allow-always', aboutOf(ask), 'Allow always')] : []
  const deny = [button('ask-deny', aboutOf(ask), 'Deny'), button('ask-deny-why', aboutOf(ask), 'Deny with a reason…')]
  return { buttons: [once, ...always, ...deny] }
}

export function endText(ask: KnownAsk, end: Exclude<AskEnd, { readonly kind: 'covered' }>): string {
  switch (end.kind) {
    case 'allow':
      return allowedText(ask, end)
    case 'deny':
      if (ask.kind === 'question') return '✗ not answered: the run was stopped'
      return end.words === undefined
        ? `✗ denied by **${plain(end.by, NAME_MAX)}**: the run was stopped`
        : `✗ denied by **${plain(end.by, NAME_MAX)}**: ${plain(end.words, REASON_MAX)}`
    case 'answer':
      return `✓ answered by **${plain(end.by, NAME_MAX)}**`
    case 'timed-out':
      return `✗ denied: nobody answered within ${durationText(end.afterMs)}`
    case 'pass-over':
      return ask.kind === 'permission' ? '✗ denied: a new message followed' : '✗ not answered: a new message followed'
    case 'elsewhere':
      return end.isRejected ? '✗ denied, not by this card' : '✓ answered, not by this card'
    case 'expired':
      return '⬦ expired: the run that asked is over'
    case 'server-gone':
      return '⬦ expired: OpenCode ended while this waited'
    case 'gone-on':
      return `⬦ expired: OpenCode ended while this waited\n↪ **${plain(end.by, NAME_MAX)}** lets the agent go on`
  }
}

function allowedText(ask: KnownAsk, { by, forThread, always }: Extract<AskEnd, { readonly kind: 'allow' }>): string {
  const who = `by **${plain(by, NAME_MAX)}**`
  const allowance = always && allowanceOf(ask)
  if (!allowance) return `✓ allowed ${forThread ? 'in this thread' : 'once'} ${who}`
  return `✓ allowed always ${who}: ${allowance.patterns.map(inlineCode).join(', ')}\n-# \`/permissions\` takes it back.`
}

/** A pattern as it is: one that would read otherwise is allowed once only. */
const inlineCode = (pattern: string): string => `\`${pattern}\``

/** Discord ends a code block at the next three backticks, wherever they stand: no two stand side by side. */
const inFence = (text: string): string => text.trimEnd().replaceAll(/`(?=`)/g, '`\u200b')

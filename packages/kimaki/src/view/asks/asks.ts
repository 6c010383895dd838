/** The card of what the agent asks: exactly what it wants, the buttons to answer, and in the end who answered what. */
import { boundaryBefore, cut, oneLine, stripControl } from '../../base/text.ts'
import type { Question } from '../../domain/agent.ts'
import { allowanceOf } from '../../domain/conversation/features/asks/allowance.ts'
import { aboutOf, askKey, asks, isWaiting, type AskEnd, type KnownAsk } from '../../domain/conversation/features/asks/asks.ts'
import { current } from '../../domain/conversation/features/asks/question-form.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button } from '../../domain/conversation/posts/post.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain, REASON_MAX } from '../text/notice.ts'

/** Of 2000 units; the rest is for what one does with it. */
const DETAILS_MAX = 1300
const QUESTION_MAX = 400
/** Discord's limits: of a button's label, and of the buttons of a message (one is kept for *Done*). */
const LABEL_MAX = 80
const OPTIONS_MAX = 24

export function askBlocks(state: Conversation): readonly Block[] {
  const known = asks.of(state).asks
  const isShown = (ask: KnownAsk): boolean => state.posts.posted.has(askKey(ask))
  /** Its twin has the card; left open alone, it gets one. */
  const hasCard = (ask: KnownAsk): boolean =>
    ask.twinOf === undefined || isShown(ask) || (isWaiting(ask) && !known.some((one) => one.id === ask.twinOf && isWaiting(one)))
  return known.filter(hasCard).map(cardOf)
}

/** What an earlier answer covers is a quiet line, before and after it stands in the thread. */
function cardOf(ask: KnownAsk): Block {
  const { phase } = ask
  const end = phase.kind === 'ended' ? phase.end : phase.kind === 'answering' ? phase.answer : undefined
  if (end?.kind === 'covered') return noticeBlock(askKey(ask), `⬦ allowed as before: ${plain(ask.title, REASON_MAX)}`)
  const [details, file] = ask.kind === 'permission' ? permissionText(ask) : [questionText(ask), undefined]
  const text = [details, end ? endText(ask, end) : howText(ask)].filter((line) => line !== '').join('\n')
  return {
    ...noticeBlock(askKey(ask), text),
    // What the agent says before it asks belongs before the card. A tool that waits closes it.
    inOrder: true,
    notify: isWaiting(ask),
    buttons: isWaiting(ask) ? buttonsOf(ask) : [],
    ...(file !== undefined && { file: { name: 'asked.txt', text: file } }),
  }
}

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
  if (ask.kind === 'question') return '-# Press, or reply to this message in your own words.'
  const allowance = allowanceOf(ask)
  const covers = allowance ? `-# *In this thread* allows from now on: ${allowance.patterns.map(inlineCode).join(', ')}` : ''
  return [covers, '-# A reply to this message denies it too, with your words as the reason.']
    .filter((line) => line !== '')
    .join('\n')
}

function questionText({ title, questions = [], form }: KnownAsk): string {
  if (questions.length === 0) return `⬦ The agent asked: ${plain(title, REASON_MAX)}`
  const asked = current(questions, form)
  const said = form.given.flatMap((answer, index): string[] => {
    const question = questions[index]
    return question ? [`**${plain(question.header, NAME_MAX)}**: ${plain(answer.join(', '), NAME_MAX)}`] : []
  })
  if (!asked) return ['⬦ The agent asked', ...said].join('\n')
  const count = questions.length > 1 ? ` (${form.given.length + 1} of ${questions.length})` : ''
  const head = `⬦ **${plain(asked.header, NAME_MAX)}**${count}`
  return [...said, head, plain(asked.text, QUESTION_MAX), ...optionLines(asked, form.picked)].join('\n')
}

/** Descriptions have no room on a button; where many are long, they have none on the card either. */
function optionLines({ options, multiple }: Question, picked: readonly string[]): readonly string[] {
  const marked = options.slice(0, OPTIONS_MAX).map(({ label, description }) => {
    const mark = multiple ? (picked.includes(label) ? '☑' : '☐') : '•'
    return [`${mark} **${plain(label, SHORT)}**`, plain(description, LABEL_MAX)] as const
  })
  const whole = marked.map(([label, description]) => (description === '' ? label : `${label}: ${description}`))
  return whole.join('\n').length <= OPTIONS_ROOM ? whole : marked.map(([label]) => label)
}

/** Units: of a label in the text when there are 24, and of all options together. */
const SHORT = 30
const OPTIONS_ROOM = 1000

function buttonsOf(ask: KnownAsk): readonly Button[] {
  if (ask.kind === 'permission') {
    const once = button('ask-allow', aboutOf(ask), 'Allow once')
    const always = allowanceOf(ask) ? [button('ask-allow-thread', aboutOf(ask), 'Allow in this thread')] : []
    const deny = [button('ask-deny', aboutOf(ask), 'Deny'), button('ask-deny-why', aboutOf(ask), 'Deny with a reason…')]
    return [once, ...always, ...deny]
  }
  const { questions = [], form } = ask
  const asked = current(questions, form)
  if (!asked) return []
  const at = form.given.length
  const options = asked.options
    .slice(0, OPTIONS_MAX)
    .map(({ label }, index) => button('ask-pick', aboutOf(ask, at, index), labelText(label)))
  return form.picked.length > 0 ? [...options, button('ask-done', aboutOf(ask, at), 'Done')] : options
}

const labelText = (label: string): string =>
  label.length <= LABEL_MAX ? label.toWellFormed() : `${label.slice(0, boundaryBefore(label, LABEL_MAX - 1))}…`.toWellFormed()

function endText(ask: KnownAsk, end: Exclude<AskEnd, { readonly kind: 'covered' }>): string {
  switch (end.kind) {
    case 'allow':
      return `✓ allowed ${end.forThread ? 'in this thread' : 'once'} by **${plain(end.by, NAME_MAX)}**`
    case 'deny':
      if (ask.kind === 'question') return '✗ not answered: the run was stopped'
      return end.words === undefined
        ? `✗ denied by **${plain(end.by, NAME_MAX)}**: the run was stopped`
        : `✗ denied by **${plain(end.by, NAME_MAX)}**: ${plain(end.words, REASON_MAX)}`
    case 'answer':
      return `✓ answered by **${plain(end.by, NAME_MAX)}**`
    case 'pass-over':
      return ask.kind === 'permission' ? '✗ denied: a new message followed' : '✗ not answered: a new message followed'
    case 'elsewhere':
      return end.isRejected ? '✗ denied, not by this card' : '✓ answered, not by this card'
    case 'expired':
      return '⬦ expired: the run that asked is over'
  }
}

/** A pattern as it is: in code nothing is escaped, and a backtick would end it. */
const inlineCode = (text: string): string => `\`${cut(oneLine(stripControl(text)), NAME_MAX).replaceAll('`', "'")}\``

/** Discord ends a code block at the next three backticks, wherever they stand: no two stand side by side. */
const inFence = (text: string): string => text.trimEnd().replaceAll(/`(?=`)/g, '`\u200b')

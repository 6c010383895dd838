/**
 * The card of questions: what is asked now, and what one answers with. Up to five options of which one may be picked are buttons, one touch
 * on a phone; more of them, or several to be picked, stand in a menu, page by page.
 */
import { boundaryBefore, isBlank } from '../../base/text.ts'
import type { Question } from '../../domain/agent.ts'
import type { KnownAsk } from '../../domain/conversation/features/asks/ask.ts'
import { aboutOf } from '../../domain/conversation/features/asks/asks.ts'
import { current, pageOf, takesWords, type Form, type Page } from '../../domain/conversation/features/asks/question-form.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button, Select } from '../../domain/conversation/posts/post.ts'
import { NAME_MAX, plain, REASON_MAX } from '../text/notice.ts'

const QUESTION_MAX = 400
/** Discord's limits: of the label of a button, and of label and description of an option in a menu. */
const LABEL_MAX = 80
const OPTION_MAX = 100
const BUTTONS_MAX = 5
/** Units: of a label in the text when there are 24, and of all options together. */
const SHORT = 30
const OPTIONS_ROOM = 1000

export function questionText({ title, questions = [], form }: KnownAsk): string {
  if (questions.length === 0) return `⬦ The agent asked: ${plain(title, REASON_MAX)}`
  const asked = current(questions, form)
  const said = form.given.flatMap((answer, index): string[] => {
    const question = questions[index]
    return question ? [`**${plain(question.header, NAME_MAX)}**: ${plain(answer.join(', '), NAME_MAX)}`] : []
  })
  if (!asked) return ['⬦ The agent asked', ...said].join('\n')
  const count = questions.length > 1 ? ` (${form.given.length + 1} of ${questions.length})` : ''
  const head = `⬦ **${plain(asked.header, NAME_MAX)}**${count}`
  return [...said, head, plain(asked.text, QUESTION_MAX), ...optionLines(asked, form)].join('\n')
}

/** Descriptions have no room on a button; where many are long, they have none on the card either. */
function optionLines(asked: Question, form: Form): readonly string[] {
  const { multiple } = asked
  const { picked } = form
  const page = pageOf(asked, form)
  const marked = page.options.map(({ label, description }, index) => {
    const mark = multiple ? (picked.includes(label) ? '☑' : '☐') : '•'
    return [`${mark} **${plain(nameOf(label, page.from + index), SHORT)}**`, plain(description, LABEL_MAX)] as const
  })
  const whole = marked.map(([label, description]) => (description === '' ? label : `${label}: ${description}`))
  const lines = whole.join('\n').length <= OPTIONS_ROOM ? whole : marked.map(([label]) => label)
  if (page.count === 1) return lines
  const elsewhere = picked.length > 0 ? `, picked: ${plain(picked.join(', '), NAME_MAX)}` : ''
  return [...lines, `-# options ${rangeOf(page)} of ${asked.options.length}${elsewhere}`]
}

export function questionHow({ questions = [], form }: KnownAsk): string {
  const asked = current(questions, form)
  if (!asked) return ''
  const how = isMenu(asked) ? (asked.multiple ? 'Pick, then press Done' : 'Pick one') : 'Press'
  return takesWords(asked) ? `-# ${how}, or reply to this message in your own words.` : `-# ${how}.`
}

export interface Controls {
  readonly buttons: readonly Button[]
  readonly select?: Select
}

export function questionControls(ask: KnownAsk): Controls {
  const { questions = [], form } = ask
  const asked = current(questions, form)
  if (!asked) return { buttons: [] }
  const at = form.given.length
  const done = form.picked.length > 0 ? [button('ask-done', aboutOf(ask, at), 'Done')] : []
  const other = takesWords(asked) ? [button('ask-other', aboutOf(ask, at), 'Other…')] : []
  if (isMenu(asked)) return { select: selectOf(ask, asked), buttons: [...pageButtons(ask, asked), ...done, ...other] }
  const options = asked.options.map(({ label }, index) =>
    button('ask-pick', aboutOf(ask, at, index), cutTo(LABEL_MAX, nameOf(label, index))),
  )
  return { buttons: [...options, ...done, ...other] }
}

const isMenu = ({ options, multiple }: Question): boolean => options.length > BUTTONS_MAX || (multiple && options.length > 0)

function selectOf(ask: KnownAsk, asked: Question): Select {
  const { form } = ask
  const page = pageOf(asked, form)
  const options = page.options.map(({ label, description }, index) => ({
    value: String(page.from + index),
    label: cutTo(OPTION_MAX, nameOf(label, page.from + index)),
    ...(!isBlank(description) && { description: cutTo(OPTION_MAX, description) }),
    ...(form.picked.includes(label) && { isPicked: true as const }),
  }))
  return {
    id: button('ask-choose', aboutOf(ask, form.given.length, page.number), '').id,
    placeholder: asked.multiple ? 'Pick one or several' : 'Pick one',
    options,
    // What was picked may all be taken back.
    atLeast: asked.multiple ? 0 : 1,
    atMost: asked.multiple ? options.length : 1,
  }
}

function pageButtons(ask: KnownAsk, asked: Question): readonly Button[] {
  const { number, count } = pageOf(asked, ask.form)
  const to = (next: number, label: (range: string) => string): readonly Button[] => {
    if (next < 0 || next >= count) return []
    const range = rangeOf(pageOf(asked, { ...ask.form, page: next }))
    return [button('ask-page', aboutOf(ask, ask.form.given.length, next), label(range))]
  }
  return [...to(number - 1, (range) => `‹ ${range}`), ...to(number + 1, (range) => `${range} ›`)]
}

const rangeOf = ({ from, options }: Page): string => `${from + 1}–${from + options.length}`

/** Discord refuses what has a label that one cannot see. */
const nameOf = (label: string, index: number): string => (isBlank(label) ? `Option ${index + 1}` : label)

const cutTo = (max: number, text: string): string =>
  text.length <= max ? text.toWellFormed() : `${text.slice(0, boundaryBefore(text, max - 1))}…`.toWellFormed()

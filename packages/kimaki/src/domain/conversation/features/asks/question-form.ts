/** A form of questions, as far as it is filled in: one question after the other, with the options picked and words of people's own. Pure. */
import { isBlank } from '../../../../base/text.ts'
import type { Question } from '../../../agent.ts'
import type { ButtonPress } from '../../request.ts'

export interface Form {
  /** The answers so far: one list for each question that is answered, in their order. */
  readonly given: readonly (readonly string[])[]
  /** Labels picked so far for the question that is asked now; more than one only where several may be picked. */
  readonly picked: readonly string[]
  /** Which page of its options is shown, from 0; undefined: the first. */
  readonly page?: number
}

export const EMPTY_FORM: Form = { given: [], picked: [] }

/** The question that is asked now; undefined: all are answered. */
export const current = (questions: readonly Question[], { given }: Form): Question | undefined => questions[given.length]

/** Of 25 that Discord allows in a menu. */
const ON_A_PAGE = 24

/** Options of a question that are shown together. */
export interface Page {
  /** From 0. */
  readonly number: number
  readonly count: number
  /** Which of all options is its first one, from 0. */
  readonly from: number
  readonly options: Question['options']
}

export function pageOf({ options }: Question, { page = 0 }: Form): Page {
  const from = page * ON_A_PAGE
  return {
    number: page,
    count: Math.max(1, Math.ceil(options.length / ON_A_PAGE)),
    from,
    options: options.slice(from, from + ON_A_PAGE),
  }
}

/** Whether it may be answered in a person's own words. */
export const takesWords = ({ onlyOptions }: Question): boolean => onlyOptions !== true

/**
 * A person presses the option `option` of the question `question`, both counted from 0. One option ends its question; where several may be
 * picked, a second press takes the option back. Undefined: that question is not asked now, or has no such option.
 */
export function pick(questions: readonly Question[], form: Form, [question, option]: At): Form | undefined {
  const asked = current(questions, form)
  const label = asked?.options[option]?.label
  if (!asked || label === undefined || question !== form.given.length) return undefined
  if (!asked.multiple) return next(form, [label])
  const { picked } = form
  return { ...form, picked: picked.includes(label) ? picked.filter((one) => one !== label) : [...picked, label] }
}

/**
 * A person chooses in the menu that shows the page `page`. Where several may be picked, what was picked on other pages stays. Undefined: the
 * question is not asked now, or has no such options.
 */
export function choose(questions: readonly Question[], form: Form, [question, page]: At, press: Pressed): Form | undefined {
  const asked = current(questions, form)
  const chosen = (press.chosen ?? []).map(Number)
  if (!asked || question !== form.given.length) return undefined
  if (!asked.multiple) return chosen.length === 1 ? pick(questions, form, [question, chosen[0] ?? -1]) : undefined
  const shown = pageOf(asked, { ...form, page })
  const labels = chosen.map((index) => shown.options[index - shown.from]?.label)
  if (!labels.every((label) => label !== undefined)) return undefined
  const onPage = new Set(shown.options.map(({ label }) => label))
  return { ...form, picked: [...new Set([...form.picked.filter((label) => !onPage.has(label)), ...labels])] }
}

/** Another page of the options is shown. */
export function turn(questions: readonly Question[], form: Form, [question, page]: At): Form | undefined {
  const asked = current(questions, form)
  const isThere = asked !== undefined && question === form.given.length && page >= 0 && page < pageOf(asked, form).count
  return isThere && page !== pageOf(asked, form).number ? { ...form, page } : undefined
}

/** The options that are picked are all; undefined: none is, or that question is not asked now. */
export function finish(questions: readonly Question[], form: Form, [question]: At): Form | undefined {
  const isAsked = question === form.given.length && current(questions, form) !== undefined
  return isAsked && form.picked.length > 0 ? next(form, form.picked) : undefined
}

/** In a person's own words, beside what they have picked. Undefined: the question is not asked now, or takes only its options. */
export function write(questions: readonly Question[], form: Form, [question]: At, press: Pressed): Form | undefined {
  const asked = current(questions, form)
  const words = (press.words ?? '').trim()
  if (!asked || question !== form.given.length || !takesWords(asked) || isBlank(words)) return undefined
  return next(form, [...form.picked, words])
}

/** Which question is meant, and which option or page of it: both from 0. */
type At = readonly [question: number, optionOrPage: number]
type Pressed = Pick<ButtonPress, 'words' | 'chosen'>

/** What a press makes of a form; undefined: it changes nothing. */
export type FormChange = (questions: readonly Question[], form: Form, at: At, press: ButtonPress) => Form | undefined

const next = ({ given }: Form, answer: readonly string[]): Form => ({ given: [...given, answer], picked: [] })

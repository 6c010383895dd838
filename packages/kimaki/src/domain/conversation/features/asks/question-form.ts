/** A form of questions, as far as it is filled in: one question after the other, with the options picked and words of people's own. Pure. */
import type { Question } from '../../../agent.ts'

export interface Form {
  /** The answers so far: one list for each question that is answered, in their order. */
  readonly given: readonly (readonly string[])[]
  /** Labels picked so far for the question that is asked now; more than one only where several may be picked. */
  readonly picked: readonly string[]
}

export const EMPTY_FORM: Form = { given: [], picked: [] }

/** The question that is asked now; undefined: all are answered. */
export const current = (questions: readonly Question[], { given }: Form): Question | undefined => questions[given.length]

/**
 * A person presses the option `option` of the question `question`, both counted from 0. One option ends its question; where several may be
 * picked, a second press takes the option back. Undefined: that question is not asked now, or has no such option.
 */
export function pick(questions: readonly Question[], form: Form, question: number, option: number): Form | undefined {
  const asked = current(questions, form)
  const label = asked?.options[option]?.label
  if (!asked || label === undefined || question !== form.given.length) return undefined
  if (!asked.multiple) return next(form, [label])
  const { picked } = form
  return { ...form, picked: picked.includes(label) ? picked.filter((one) => one !== label) : [...picked, label] }
}

/** The options that are picked are all; undefined: none is, or that question is not asked now. */
export function finish(questions: readonly Question[], form: Form, question: number): Form | undefined {
  const isAsked = question === form.given.length && current(questions, form) !== undefined
  return isAsked && form.picked.length > 0 ? next(form, form.picked) : undefined
}

/** In a person's own words, beside what they have picked. */
export const say = (form: Form, words: string): Form => next(form, [...form.picked, words])

const next = ({ given }: Form, answer: readonly string[]): Form => ({ given: [...given, answer], picked: [] })

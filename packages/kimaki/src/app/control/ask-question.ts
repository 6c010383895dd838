/**
 * The tool `kimaki_question`: what an agent asks is checked again here, and becomes an inbox row under the id of its call. The call waits
 * until the conversation knows the answer, which is on record with it: a call that comes again, to the next bot too, finds the same.
 */
import { UsageError } from '../../base/errors.ts'
import { deriveId } from '../../base/ids.ts'
import { cut, oneLine, stripControl } from '../../base/text.ts'
import type { Ask, Question } from '../../domain/agent.ts'
import type { AskEnd, KnownAsk } from '../../domain/conversation/features/asks/ask.ts'
import { asks } from '../../domain/conversation/features/asks/asks.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Acceptance } from '../../ports/store.ts'

const QUESTIONS_MAX = 8
const OPTIONS_MAX = 100
const HEADER_MAX = 60
const TEXT_MAX = 2000
/** As a person picks it: Discord shows 100 of an option in a menu. */
const LABEL_MAX = 100

interface Called {
  readonly state: Conversation
  readonly session: string
  readonly call: string
  readonly args: unknown
}

export const askIdOf = ({ session, call }: Pick<Called, 'session' | 'call'>): string => `tool_${deriveId('', session, call)}`

export function prepareQuestion(called: Called, at: number): Acceptance | UsageError {
  const questions = readQuestions(called.args)
  if (questions instanceof Error) return questions
  const { state, session, call } = called
  const { id, guildId, channelId, directory } = state
  const title = questions.map(({ text }) => text).join(' / ')
  const ask: Ask = { id: askIdOf(called), kind: 'question', session, title, questions, forTool: true }
  return {
    key: `question:${session}:${call}`,
    request: { kind: 'tool-question', ask },
    conversation: { id, guildId, channelId, directory, inThread: true },
    at,
  }
}

/** What the model reads; undefined: nobody has answered yet. `isPending`: an ask that is not known is on its way. */
export function answerIn(state: Conversation, askId: string, isPending: boolean): string | undefined {
  const ask = asks.of(state).asks.find(({ id }) => id === askId)
  if (!ask) return isPending ? undefined : NOBODY
  return ask.phase.kind === 'ended' ? wordsOf(ask, ask.phase.end) : undefined
}

function wordsOf({ questions = [], form }: KnownAsk, end: AskEnd): string {
  if (end.kind === 'pass-over') return 'Nobody answered: a new message of the user follows. End your turn now, and read it.'
  if (end.kind !== 'answer') return NOBODY
  const answers = questions.map(({ text }, index) => `${JSON.stringify(text)} = ${JSON.stringify(form.given[index] ?? [])}`)
  return `${end.by} answered:\n${answers.join('\n')}`
}

const NOBODY = 'Nobody answered, and nobody can any more. Go on with what you think is best, or say in your answer what you need.'

function readQuestions(args: unknown): readonly Question[] | UsageError {
  const { questions } = fields(args)
  const read = listOf(questions).map(readQuestion)
  const wrong = read.find((one) => one instanceof Error)
  if (wrong) return wrong
  if (read.length === 0 || read.length > QUESTIONS_MAX)
    return refused(`there are ${read.length} questions. Ask 1 to ${QUESTIONS_MAX} at a time`)
  return read.flatMap((one) => (one instanceof Error ? [] : [one]))
}

function readQuestion(given: unknown): Question | UsageError {
  const { question, header, options, multiple, custom } = fields(given)
  const text = typeof question === 'string' ? cut(stripControl(question.toWellFormed()).trim(), TEXT_MAX) : ''
  if (text === '') return refused('a question has no words')
  const read = listOf(options).flatMap((option) => {
    const { label, description } = fields(option)
    const shown = lineOf(label, LABEL_MAX)
    return shown === '' ? [] : [{ label: shown, description: lineOf(description, TEXT_MAX) }]
  })
  if (read.length > OPTIONS_MAX) return refused(`a question has ${read.length} options. Give at most ${OPTIONS_MAX}`)
  if (new Set(read.map(({ label }) => label)).size < read.length) return refused('two options of a question have the same label')
  const onlyOptions = custom === false
  if (onlyOptions && read.length === 0) return refused('a question that takes only its options has none')
  return {
    text,
    header: lineOf(header, HEADER_MAX) || 'Question',
    options: read,
    multiple: multiple === true,
    ...(onlyOptions && { onlyOptions }),
  }
}

const refused = (why: string): UsageError => new UsageError({ reason: `Nobody was asked: ${why}.` })

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])

const lineOf = (value: unknown, max: number): string =>
  typeof value === 'string' ? cut(oneLine(stripControl(value.toWellFormed())).trim(), max) : ''

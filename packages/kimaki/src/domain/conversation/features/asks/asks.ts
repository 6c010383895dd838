/**
 * Permissions and questions of the agent, and what people answer.
 *
 *     open ──(a press, an answer in words, a message to the agent)──▶ answering ──(OpenCode has it)──▶ ended
 *       └──(answered elsewhere; the run is over; the server has ended)─────────────────────────────────▲
 *
 * A1. An ask has one end. What OpenCode lists after its run was aborted is not opened again as long as the turn lasts.
 * A2. A press answers what stood on its card: its button names the ask and a digest of the words.
 * A3. Asks with the same words have one card, and one press answers them all.
 * A4. Kimaki writes no rule: what a person allows for the thread is remembered here, and each later ask that it covers is allowed once.
 * A5. Files that people sent in this thread, and in the one it is a copy of, may be opened without a question: the prompt names their paths.
 */
import { deriveId } from '../../../../base/ids.ts'
import { isBlank } from '../../../../base/text.ts'
import type { Ask } from '../../../agent.ts'
import { isForOthers } from '../../../message/incoming.ts'
import type { Effect, Outcome } from '../../effect.ts'
import type { RunEvent } from '../../event.ts'
import { defineFeature, keep, onOutcome, type FeatureChange, type ScreenedMessage, type Screening } from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import type { ButtonPress } from '../../request.ts'
import { isToolRunning, newestUser } from '../../run/derive.ts'
import type { Conversation } from '../../state.ts'
import { copiedFrom } from '../copied-from.ts'
import { allowanceOf, isCovered } from './allowance.ts'
import type { Answer, AskEnd, AsksSlice, KnownAsk } from './ask.ts'
import { goOn, lapse, offered, offersGoOn } from './go-on.ts'
import { telling } from './void-press.ts'
import {
  choose,
  current,
  EMPTY_FORM,
  finish,
  pick,
  takesWords,
  turn,
  write,
  type Form,
  type FormChange,
} from './question-form.ts'

interface Answering extends Effect {
  readonly directory: string
  readonly ask: Ask
}
export interface AllowAsk extends Answering {
  readonly kind: 'allow-ask'
}
export interface RejectAsk extends Answering {
  readonly kind: 'reject-ask'
  /** Of a permission: the agent is told why, and goes on. Without them its run stops. */
  readonly words?: string
}
export interface AnswerQuestion extends Answering {
  readonly kind: 'answer-question'
  /** One list for each question. */
  readonly answers: readonly (readonly string[])[]
}

const EXPIRED: AskEnd = { kind: 'expired' }
const SERVER_GONE: AskEnd = { kind: 'server-gone' }
const NONE: AsksSlice = { asks: [], allowed: [] }

/** What the agent reads when a message comes instead of an answer. */
const MESSAGE_FOLLOWS = 'The user did not allow this. A new message of the user follows: read it before you go on.'

export const asks = defineFeature<AsksSlice>({
  name: 'asks',
  version: 2,
  initial: NONE,
  read,
  screens: passOver,
  hasTaken: ({ asks: known }, id) => known.some(({ repliedIn = [] }) => repliedIn.includes(id)),
  due: (known, state) => ({ slice: known, effects: known.asks.flatMap((ask) => effectOf(ask, state.directory)) }),
  on: {
    agent: onAgent,
    // A call that has no end although nothing runs was cut off with its server.
    'session-read': (known, { snapshot }, state) =>
      keep(snapshot.status.kind === 'idle' ? expireOpen(known, isToolRunning(state) ? SERVER_GONE : EXPIRED) : known),
    'session-gone': (known) => keep(expireOpen(known)),
    'session-failed': (known) => keep(expireOpen(known)),
    'server-ended': (known) => keep(expireOpen(known, SERVER_GONE)),
    'thread-closed': (known) => keep(lapse(expireOpen(known))),
  },
  buttons: telling(meantBy, {
    'ask-allow': (known, about, press) => onPress(known, about, { kind: 'allow', by: press.userName }),
    'ask-allow-thread': (known, about, press) => onPress(known, about, { kind: 'allow', by: press.userName, forThread: true }),
    'ask-deny': (known, about, press) => onPress(known, about, { kind: 'deny', by: press.userName }),
    'ask-deny-why': (known, about, press) => onReason(known, about, press),
    'ask-go-on': (known, about, press, state) => goOn(known, meantBy(known, about), press, state),
    'ask-pick': (known, about, press) => onFormPress(known, about, press, pick),
    'ask-choose': (known, about, press) => onFormPress(known, about, press, choose),
    'ask-page': (known, about, press) => onFormPress(known, about, press, turn),
    'ask-other': (known, about, press) => onFormPress(known, about, press, write),
    'ask-done': (known, about, press) => onFormPress(known, about, press, finish),
  }),
  outcomes: { 'allow-ask': onOutcome(onAnswered), 'reject-ask': onOutcome(onAnswered), 'answer-question': onOutcome(onAnswered) },
  gates: {
    interrupt: ({ asks: known }) => (known.some(isWaiting) ? 'a person is asked' : undefined),
    'release-queue': ({ asks: known }) => (known.some(isWaiting) ? 'a person is asked' : undefined),
    // The run that was told "no" stops a moment later: a prompt must not get into it.
    submit: ({ asks: known }, { turn }) =>
      turn.status.kind !== 'idle' && known.some((ask) => isStopping(ask) && ask.during === newestUserId(turn))
        ? 'the run stops after an ask'
        : undefined,
  },
  hasStopped: ({ asks: known }, userMessageId) => known.some((ask) => isStopping(ask) && ask.during === userMessageId),
  closeTurn: offered,
  outlives: (known) => known.asks.filter(offersGoOn).map(askKey),
})

function read(json: unknown, version: number): AsksSlice | undefined {
  if (version === 2) return json as AsksSlice
  return version === 1 && Array.isArray(json) ? { asks: json.map(refused), allowed: [] } : undefined
}

/** Version 1: each ask was refused at once, for nobody could answer. */
function refused(ask: Ask & { readonly during: string | undefined; readonly expired?: true }): KnownAsk {
  const end: AskEnd = ask.expired ? { kind: 'expired' } : { kind: 'deny', by: 'Kimaki' }
  return { ...ask, form: EMPTY_FORM, phase: { kind: 'ended', end } }
}

const newestUserId = (turn: Conversation['turn']): string | undefined => turn.messages.findLast(({ kind }) => kind === 'user')?.id

/** Whoever answers it is a person. */
export const isWaiting = ({ phase }: Pick<KnownAsk, 'phase'>): boolean => phase.kind === 'open'

/** Its rejection ends the run. */
function isStopping({ kind, phase, isChild }: KnownAsk): boolean {
  const answer = phase.kind === 'answering' ? phase.answer : phase.kind === 'ended' ? phase.end : undefined
  if (isChild || !answer) return false
  return (answer.kind === 'deny' && answer.words === undefined) || (answer.kind === 'pass-over' && kind === 'question')
}

/** Of what a person reads on the card (A2, A3). */
const digestOf = ({ kind, session, permission, title, patterns, always, details, questions }: Ask): string =>
  deriveId('', JSON.stringify([kind, session, permission, title, patterns, always, details, questions])).slice(0, 10)

/** What the buttons of its card name. */
export const aboutOf = (ask: Ask, ...further: readonly (number | string)[]): string =>
  [ask.id, digestOf(ask), ...further].join('/')

export const askKey = ({ id }: Pick<Ask, 'id'>): string => blockKey('ask', id)

function onAgent(
  known: AsksSlice,
  { event }: Extract<RunEvent, { readonly kind: 'agent' }>,
  state: Conversation,
): FeatureChange<AsksSlice> {
  if (event.kind === 'asked') return onAsked(known, event.ask, state)
  if (event.kind === 'status' && event.status.kind === 'idle') return keep(expireOpen(known))
  if (event.kind !== 'ask-answered') return keep(known)
  const { askId, isRejected } = event
  return keep(update(known, (ask) => (ask.id === askId && isWaiting(ask) ? ended(ask, { kind: 'elsewhere', isRejected }) : ask)))
}

function onAsked(known: AsksSlice, ask: Ask, state: Conversation): FeatureChange<AsksSlice> {
  if (known.asks.some(({ id }) => id === ask.id)) return keep(known)
  if (ask.filesOf !== undefined && [state.id, ...copiedFrom.of(state)].includes(ask.filesOf))
    return { slice: known, effects: [{ ...answering(ask, state.directory), key: `allow-ask/${ask.id}`, kind: 'allow-ask' }] }
  const phase: KnownAsk['phase'] = isCovered(ask, known.allowed)
    ? { kind: 'answering', answer: { kind: 'covered' } }
    : { kind: 'open' }
  const twin = known.asks.find((other) => isWaiting(other) && digestOf(other) === digestOf(ask))
  const added: KnownAsk = {
    ...ask,
    ...(twin && { twinOf: twin.twinOf ?? twin.id }),
    during: newestUser(state)?.id,
    form: EMPTY_FORM,
    phase,
    ...(state.session.kind === 'open' && ask.session !== state.session.id && { isChild: true as const }),
  }
  return keep({ ...known, asks: [...known.asks, added] })
}

/** The ask whose words stood on the card. */
function meantBy({ asks: known }: AsksSlice, about: string): KnownAsk | undefined {
  const [id, digest] = about.split('/')
  return known.find((ask) => ask.id === id && digestOf(ask) === digest)
}

/** What a press on `about` is meant for: the ask whose words stood on the card, and all that say the same. */
function pressed(known: AsksSlice, about: string): readonly [asks: readonly KnownAsk[], further: readonly number[]] {
  const [, digest, ...further] = about.split('/')
  const meant = meantBy(known, about) ? known.asks.filter((ask) => digestOf(ask) === digest && isWaiting(ask)) : []
  return [meant, further.map(Number)]
}

function onPress(known: AsksSlice, about: string, answer: Answer): FeatureChange<AsksSlice> {
  const [meant] = pressed(known, about)
  const [first] = meant
  if (!first || first.kind !== 'permission') return keep(known)
  const allowance = answer.kind === 'allow' && answer.forThread ? allowanceOf(first) : undefined
  const allowed = allowance ? [...known.allowed, allowance] : known.allowed
  return keep(
    update({ ...known, allowed }, (ask) => {
      if (meant.includes(ask)) return answered(ask, answer)
      return isWaiting(ask) && isCovered(ask, allowed) ? answered(ask, { kind: 'covered' }) : ask
    }),
  )
}

/** Without words there is no reason to go on with. */
function onReason(known: AsksSlice, about: string, { userName: by, words = '' }: ButtonPress): FeatureChange<AsksSlice> {
  return isBlank(words) ? keep(known) : onPress(known, about, { kind: 'deny', by, words: words.trim() })
}

function onFormPress(known: AsksSlice, about: string, press: ButtonPress, change: FormChange): FeatureChange<AsksSlice> {
  const [meant, [question = -1, option = -1]] = pressed(known, about)
  return keep(
    update(known, (ask) => {
      const form = meant.includes(ask) ? change(ask.questions ?? [], ask.form, [question, option], press) : undefined
      return form ? filledIn(ask, form, press.userName) : ask
    }),
  )
}

function filledIn(ask: KnownAsk, form: Form, by: string): KnownAsk {
  const isWhole = current(ask.questions ?? [], form) === undefined
  return isWhole ? answered({ ...ask, form }, { kind: 'answer', by }) : { ...ask, form }
}

/**
 * A reply to a card answers its question in a person's own words, or denies its permission with them. Any other message to the agent passes
 * over what is asked: the agent reads it next. Files alone are no answer.
 */
function passOver(known: AsksSlice, taken: ScreenedMessage, { posts }: Conversation): Screening<AsksSlice> {
  const { message, intent, id } = taken
  if (intent.kind !== 'prompt' || isForOthers(message)) return { slice: known, isHeld: false }
  if (!known.asks.some(isWaiting)) return { slice: lapse(known), isHeld: false }
  const words = message.text.trim()
  const card = posts.editable.find(({ messageId }) => messageId !== undefined && messageId === message.reply?.id)
  const replied =
    words === '' ? undefined : known.asks.find((ask) => isWaiting(ask) && askKey(ask) === card?.key && hearsWords(ask))
  if (!replied) {
    const slice = update(known, (ask) => (isWaiting(ask) ? answered(ask, { kind: 'pass-over' }) : ask))
    return { slice, isHeld: false }
  }
  const by = message.author.name
  const same = digestOf(replied)
  const slice = update(known, (ask) => {
    if (!isWaiting(ask) || digestOf(ask) !== same) return ask
    const heard = { ...ask, repliedIn: [...(ask.repliedIn ?? []), id] }
    const form = write(ask.questions ?? [], ask.form, [ask.form.given.length, 0], { words })
    return form ? filledIn(heard, form, by) : answered(heard, { kind: 'deny', by, words })
  })
  return { slice, isHeld: true }
}

/** A question that takes only its options is not answered by words: they are for the agent, like any other message. */
function hearsWords({ kind, questions = [], form }: KnownAsk): boolean {
  const asked = current(questions, form)
  return kind === 'permission' || (asked !== undefined && takesWords(asked))
}

/** One effect for each ask that is being answered: its key is that of the ask, so it is begun once. */
function effectOf(ask: KnownAsk, directory: string): readonly (AllowAsk | RejectAsk | AnswerQuestion)[] {
  if (ask.phase.kind !== 'answering') return []
  const { answer } = ask.phase
  const { form: _form, phase: _phase, during: _during, repliedIn: _repliedIn, isChild: _isChild, twinOf: _twinOf, ...asked } = ask
  const common = answering(asked, directory)
  switch (answer.kind) {
    case 'allow':
    case 'covered':
      return [{ ...common, key: `allow-ask/${ask.id}`, kind: 'allow-ask' } satisfies AllowAsk]
    case 'answer':
      return [
        {
          ...common,
          key: `answer-question/${ask.id}`,
          kind: 'answer-question',
          answers: ask.form.given,
        } satisfies AnswerQuestion,
      ]
    case 'deny':
    case 'pass-over': {
      const words = answer.kind === 'deny' ? answer.words : ask.kind === 'permission' ? MESSAGE_FOLLOWS : undefined
      return [
        {
          ...common,
          key: `reject-ask/${ask.id}`,
          kind: 'reject-ask',
          ...(words !== undefined && { words }),
        } satisfies RejectAsk,
      ]
    }
  }
}

const answering = (ask: Ask, directory: string) => ({ owner: 'asks', directory, ask })

/** `gone`: nobody waits for the answer any more. */
function onAnswered(known: AsksSlice, { ask: { id } }: Answering, outcome: Outcome): FeatureChange<AsksSlice> {
  return keep(
    update(known, (ask) => {
      if (ask.id !== id || ask.phase.kind !== 'answering') return ask
      return ended(ask, outcome.kind === 'done' ? ask.phase.answer : SERVER_GONE)
    }),
  )
}

const expireOpen = (known: AsksSlice, end: AskEnd = EXPIRED): AsksSlice =>
  update(known, (ask) => (isWaiting(ask) ? ended(ask, end) : ask))

const answered = (ask: KnownAsk, answer: Answer): KnownAsk => ({ ...ask, phase: { kind: 'answering', answer } })
const ended = (ask: KnownAsk, end: AskEnd): KnownAsk => ({ ...ask, phase: { kind: 'ended', end } })

/** The very slice when nothing changes. */
function update(known: AsksSlice, change: (ask: KnownAsk) => KnownAsk): AsksSlice {
  const next = known.asks.map(change)
  return next.every((ask, index) => ask === known.asks[index]) ? known : { ...known, asks: next }
}

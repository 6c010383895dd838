/**
 * Permissions and questions of the agent, and what people answer.
 *
 *     open ──(a press, an answer in words, a message to the agent)──▶ answering ──(OpenCode has it)──▶ ended
 *       └──(answered elsewhere; the run is over; the server has ended)─────────────────────────────────▲
 *
 * A1. An ask has one end. What OpenCode lists after its run was aborted is not opened again as long as the turn lasts.
 * A2. A press answers what stood on its card: its button names the ask and a digest of the words.
 * A3. Asks with the same words have one card, and one press answers them all.
 * A4. Kimaki writes no rule into OpenCode: what a person allows for the project folder is a row of ours, and each later ask that it covers is
 *     allowed once.
 * A5. OpenCode rejects all asks of a session with one of them, those without words stop the run: words that are said while it asks for more
 *     come as a message, too.
 * A6. Files that people sent in this thread, and in the one it is a copy of, may be opened without a question: the prompt names their paths.
 */
import { deriveId } from '../../../../base/ids.ts'
import { isBlank } from '../../../../base/text.ts'
import { allowanceOf, isSameAllowance } from '../../../allowance.ts'
import type { Ask } from '../../../agent.ts'
import { authorUserId, isForOthers } from '../../../message/incoming.ts'
import type { Effect, Outcome } from '../../effect.ts'
import type { RunEvent } from '../../event.ts'
import { defineFeature, keep, onOutcome } from '../../feature.ts'
import type { FeatureChange, Moment, PressNow, ScreenedMessage, Screening } from '../../feature.ts'
import { blockKey } from '../../posts/block-key.ts'
import type { ButtonPress } from '../../request.ts'
import { isToolRunning, newestUser } from '../../run/derive.ts'
import type { Conversation } from '../../state.ts'
import { copiedFrom } from '../copied-from.ts'
import type { Answer, AskEnd, AsksSlice, KnownAsk } from './ask.ts'
import { audit, auditOwnFiles, auditPick } from './audit.ts'
import { coveredBy, standing } from './covering.ts'
import { goOn, lapse, offered, offersGoOn } from './go-on.ts'
import { afterLimit, limitAlarms, LIMIT_WORDS } from './time-limit.ts'
import { promptOfPress } from './press-prompt.ts'
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
import { projectFolderOf } from '../place/worktree.ts'

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
  due: (known, state, _, moment) => (known.asks.length === 0 ? keep(known) : whatIsDue(known, state, moment)),
  // What is due then is found after every input.
  alarm: keep,
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
    'ask-allow': (known, about, press) => onPress(known, about, { kind: 'allow', ...personOf(press) }),
    'ask-allow-always': onAllowAlways,
    'ask-allow-thread': onAllowForThread,
    'ask-deny': (known, about, press) => onPress(known, about, { kind: 'deny', ...personOf(press) }),
    'ask-deny-why': onReason,
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
function isStopping({ kind, phase, isChild, forTool }: KnownAsk): boolean {
  const answer = phase.kind === 'answering' ? phase.answer : phase.kind === 'ended' ? phase.end : undefined
  if (isChild || forTool || !answer) return false
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
    return {
      slice: known,
      effects: [{ ...answering(ask, state.directory), key: `allow-ask/${ask.id}`, kind: 'allow-ask' }, auditOwnFiles(ask, state)],
    }
  const twin = known.asks.find((other) => isWaiting(other) && digestOf(other) === digestOf(ask))
  const added: KnownAsk = {
    ...ask,
    ...(twin && { twinOf: twin.twinOf ?? twin.id }),
    during: newestUser(state)?.id,
    form: EMPTY_FORM,
    phase: { kind: 'open' },
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
  return keep(update(known, (ask) => (ask.kind === 'permission' && meant.includes(ask) ? answered(ask, answer) : ask)))
}

/** What else the allowance covers is found once its row is there. */
function onAllowAlways(known: AsksSlice, about: string, press: PressNow, state: Conversation): FeatureChange<AsksSlice> {
  const [[first]] = pressed(known, about)
  const allowance = first && allowanceOf(first)
  if (!first || !allowance) return keep(known)
  const place = { directory: projectFolderOf(state), conversation: state.id }
  const row = standing({ ...allowance, id: deriveId('a', first.id), ...place }, press)
  const allowances = press.moment.allowed.some((one) => isSameAllowance(one, row))
    ? []
    : [{ kind: 'allow' as const, allowance: row }]
  return { ...onPress(known, about, { kind: 'allow', ...personOf(press), always: true }), allowances }
}

/** Cards of earlier versions have this button. */
function onAllowForThread(known: AsksSlice, about: string, press: ButtonPress): FeatureChange<AsksSlice> {
  const [[first]] = pressed(known, about)
  const allowance = first && allowanceOf(first)
  if (!allowance) return keep(known)
  const { slice } = onPress(known, about, { kind: 'allow', ...personOf(press), forThread: true })
  return keep({ ...slice, allowed: [...slice.allowed, allowance] })
}

const personOf = ({ userName: by, userId }: ButtonPress) => ({ by, userId })

/** Asked after every input: what an allowance covers, for whom the time is up, and what the agent is to be told. */
function whatIsDue(known: AsksSlice, state: Conversation, moment: Moment): FeatureChange<AsksSlice> {
  const slice = update(known, (ask) => {
    if (!isWaiting(ask)) return ask
    const covered = coveredBy(ask, known.allowed, moment)
    if (covered) return answered(ask, covered)
    const opened = ask.openedAt === undefined ? { ...ask, openedAt: moment.at } : ask
    // What a session that is unread still asks is known once it has been read.
    const timedOut = state.turn.isSynced ? afterLimit(opened, moment) : undefined
    return timedOut ? answered(opened, timedOut) : opened
  })
  const [told, lines] = audit(slice.asks, state, moment.at)
  return {
    slice: told === slice.asks ? slice : { ...slice, asks: told },
    effects: [...told.flatMap((ask) => effectOf(ask, state.directory)), ...lines],
    actions: limitAlarms(told.filter(isWaiting), moment),
  }
}

/** Without words there is no reason to go on with. */
function onReason(known: AsksSlice, about: string, press: PressNow, state: Conversation): FeatureChange<AsksSlice> {
  const words = press.words?.trim() ?? ''
  if (isBlank(words)) return keep(known)
  const [[first]] = pressed(known, about)
  const { slice } = onPress(known, about, { kind: 'deny', ...personOf(press), words })
  if (!first || !asksForMore(known, first)) return keep(slice)
  const text = `I did not allow this: ${first.title}\n${words}`
  return { slice: passOverOpen(slice), requests: [promptOfPress(press, { id: press.id, text, isShown: false }, state)] }
}

/** The session waits for something else, too (A5). */
const asksForMore = ({ asks: known }: AsksSlice, denied: KnownAsk): boolean =>
  known.some((ask) => isWaiting(ask) && ask.session === denied.session && !ask.forTool && digestOf(ask) !== digestOf(denied))

const passOverOpen = (known: AsksSlice): AsksSlice =>
  update(known, (ask) => (isWaiting(ask) ? answered(ask, { kind: 'pass-over' }) : ask))

function onFormPress(known: AsksSlice, about: string, press: ButtonPress, change: FormChange): FeatureChange<AsksSlice> {
  const [meant, [question = -1, option = -1]] = pressed(known, about)
  const slice = update(known, (ask) => {
    const form = meant.includes(ask) ? change(ask.questions ?? [], ask.form, [question, option], press) : undefined
    return form ? filledIn(ask, form, personOf(press)) : ask
  })
  const [first] = meant
  if (slice === known || !first) return keep(known)
  return { slice, effects: change === turn ? [] : [auditPick(first, question, option, press)] }
}

function filledIn(ask: KnownAsk, form: Form, person: { readonly by: string; readonly userId?: string }): KnownAsk {
  const isWhole = current(ask.questions ?? [], form) === undefined
  return isWhole ? answered({ ...ask, form }, { kind: 'answer', ...person }) : { ...ask, form }
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
  if (!replied) return { slice: passOverOpen(known), isHeld: false }
  const userId = authorUserId(message.author)
  const person = { by: message.author.name, ...(userId !== undefined && { userId }) }
  const same = digestOf(replied)
  const isMore = replied.kind === 'permission' && asksForMore(known, replied)
  const slice = update(known, (ask) => {
    if (!isWaiting(ask) || digestOf(ask) !== same) return ask
    if (isMore) return answered(ask, { kind: 'deny', ...person, words })
    const heard = { ...ask, repliedIn: [...(ask.repliedIn ?? []), id] }
    const form = write(ask.questions ?? [], ask.form, [ask.form.given.length, 0], { words })
    return form ? filledIn(heard, form, person) : answered(heard, { kind: 'deny', ...person, words })
  })
  return isMore ? { slice: passOverOpen(slice), isHeld: false } : { slice, isHeld: true }
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
  const {
    form: _form,
    phase: _phase,
    during: _during,
    repliedIn: _repliedIn,
    isChild: _isChild,
    twinOf: _twinOf,
    openedAt: _openedAt,
    audited: _audited,
    ...asked
  } = ask
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
    case 'timed-out':
    case 'pass-over': {
      const words = wordsOf(ask, answer)
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

/** What the agent reads when its ask is rejected; undefined: its run stops. */
function wordsOf(
  { kind }: Ask,
  answer: Extract<Answer, { readonly kind: 'deny' | 'timed-out' | 'pass-over' }>,
): string | undefined {
  if (answer.kind === 'deny') return answer.words
  if (kind === 'question') return undefined
  return answer.kind === 'timed-out' ? LIMIT_WORDS : MESSAGE_FOLLOWS
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

/** A tool fetches its answer itself: nothing is left to do. */
const answered = (ask: KnownAsk, answer: Answer): KnownAsk =>
  ask.forTool ? ended(ask, answer) : { ...ask, phase: { kind: 'answering', answer } }
const ended = (ask: KnownAsk, end: AskEnd): KnownAsk => ({ ...ask, phase: { kind: 'ended', end } })

/** The very slice when nothing changes. */
function update(known: AsksSlice, change: (ask: KnownAsk) => KnownAsk): AsksSlice {
  const next = known.asks.map(change)
  return next.every((ask, index) => ask === known.asks[index]) ? known : { ...known, asks: next }
}

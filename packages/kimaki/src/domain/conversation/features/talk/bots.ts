/**
 * Talk between bots is bounded: two that may each use the other would answer each other for ever.
 *
 *     a message of a bot or a program ──▶ 1 in a row ──▶ 2 ... ──▶ 20 ──▶ held: the agent does not get it, and people are told, once
 *                                          ▲                               │
 *                                          └── a person asks the agent ────┘
 *
 * A message of a program (`kimaki send`) counts only when it comes within an hour of the one before: a nightly job is no talk, and a scheduled task never is, since a
 * person has chosen how often it runs. A message to others asks the agent nothing, so it neither counts nor lifts. Conversations that bots begin are counted for the whole channel
 * (`botsMayBegin`), or each of them would begin a new row.
 */
import { isForOthers, isPerson, type Author, type IncomingMessage } from '../../../message/incoming.ts'
import { defineFeature, keep, type Screening, type TakenMessage } from '../../feature.ts'

/** Messages in a row in one thread, and conversations in one channel. */
export const BOTS_IN_A_ROW = 20

const PROGRAMS_PAUSE_MS = 3_600_000

export interface BotTalk {
  /** Messages in a row that no person wrote, as far as the agent got them. */
  readonly inARow: number
  /** Unix ms: of the last of them. */
  readonly lastAt: number
  /** The first message of bots that was held: people are told of this one. */
  readonly held?: {
    readonly messageId: string
    /** What there was too much of. */
    readonly of: 'messages' | 'conversations'
    /** In a turn that is closed. */
    readonly isTold?: true
  }
}

const NO_TALK: BotTalk = { inARow: 0, lastAt: 0 }

export const bots = defineFeature<BotTalk>({
  name: 'bots',
  version: 1,
  initial: NO_TALK,
  screens: screen,
  on: {
    begun(talk, _event, { turn }) {
      const first = turn.prompts.find(({ begins }) => begins)
      return keep(first ? count(talk, first.message.author, first.acceptedAt) : talk)
    },
    unbegun: (talk, { message }) => keep(hold(talk, message, 'conversations')),
  },
  closeTurn: (talk) => (talk.held && !talk.held.isTold ? { ...talk, held: { ...talk.held, isTold: true } } : talk),
})

function screen(talk: BotTalk, { message, at }: Pick<TakenMessage, 'message' | 'at'>): Screening<BotTalk> {
  if (isForOthers(message)) return { slice: talk, isHeld: false }
  if (isFull(talk, message.author, at)) return { slice: hold(talk, message, 'messages'), isHeld: true }
  return { slice: count(talk, message.author, at), isHeld: false }
}

/** Would a message of this author be held? */
export const isFull = (talk: BotTalk, author: Author, at: number): boolean =>
  talk.inARow >= BOTS_IN_A_ROW && isTalk(author, at, talk.lastAt)

function count(talk: BotTalk, author: Author, at: number): BotTalk {
  if (isPerson(author)) return talk.inARow === 0 && !talk.held ? talk : NO_TALK
  if (author.kind === 'schedule') return talk
  return { ...talk, inARow: talk.inARow + (isTalk(author, at, talk.lastAt) ? 1 : 0), lastAt: at }
}

function hold(talk: BotTalk, { id }: IncomingMessage, of: NonNullable<BotTalk['held']>['of']): BotTalk {
  const isKnown = talk.held && (talk.held.of === of || talk.held.of === 'messages')
  return isKnown ? talk : { ...talk, held: { messageId: id, of } }
}

/** `lastAt`: of what no person said before it; 0: nothing. */
const isTalk = (author: Author, at: number, lastAt: number): boolean =>
  !isPerson(author) && author.kind !== 'schedule' && (author.kind === 'person' || lastAt === 0 || at - lastAt < PROGRAMS_PAUSE_MS)

/** A message in a project channel, or in a thread of it. */
export interface SaidInChannel {
  readonly conversation: string
  readonly author: Author
  /** Unix ms. */
  readonly at: number
}

/**
 * May this author begin one more conversation in the channel? `before`: what was accepted in the channel, newest first, at least back to the
 * newest message of a person. `first`: it is the first one too many, so people are to be told.
 */
export function botsMayBegin(author: Author, at: number, before: readonly SaidInChannel[]): 'yes' | 'first' | 'no' {
  const person = before.findIndex((said) => isPerson(said.author))
  const row = person === -1 ? before : before.slice(0, person)
  if (!isTalk(author, at, row[0]?.at ?? 0)) return 'yes'
  const talk = row.filter((said, index) => isTalk(said.author, said.at, row[index + 1]?.at ?? 0))
  const { size } = new Set(talk.map(({ conversation }) => conversation))
  if (size < BOTS_IN_A_ROW) return 'yes'
  return size === BOTS_IN_A_ROW ? 'first' : 'no'
}

/**
 * What is told to the audit file: each ask once when it is heard of, once when it is answered, and once when it ends without an answer of
 * ours; each option that is picked; each rule that is revoked; and each message of a guest that is let in. A line is an effect, so it is on record with what it tells.
 */
import type { StandingAllowance } from '../../../allowance.ts'
import type { Ask } from '../../../agent.ts'
import type { IncomingMessage } from '../../../message/incoming.ts'
import type { Effect } from '../../effect.ts'
import type { ButtonPress } from '../../request.ts'
import type { Conversation } from '../../state.ts'

export interface AuditEntry {
  /** A line that is written twice has the same one. */
  readonly key: string
  /** Unix ms; missing: now. */
  readonly at?: number
  readonly what: Stage | 'picked' | 'allowed-own-files' | 'revoked' | 'let-in'
  readonly conversation: string
  readonly directory?: string
  readonly ask?: Pick<Ask, 'id' | 'kind' | 'session' | 'permission' | 'title' | 'patterns'>
  /** Who answered what, by which rule, or how it ended. */
  readonly answer?: object
  readonly rule?: StandingAllowance
  /** Of somebody who may not speak. */
  readonly message?: Pick<IncomingMessage, 'id' | 'author' | 'text'> & { readonly files: readonly string[] }
}

export interface WriteAudit extends Effect {
  readonly kind: 'audit'
  readonly entry: AuditEntry
}

type Stage = 'asked' | 'answered' | 'ended'

/** As much of an ask as is looked at. */
interface Audited extends Ask {
  /** What the audit file was told last. */
  readonly audited?: Stage
  readonly form: { readonly given: readonly (readonly string[])[] }
  readonly phase:
    | { readonly kind: 'open' }
    | { readonly kind: 'answering'; readonly answer: Said }
    | { readonly kind: 'ended'; readonly end: Said }
}

interface Said {
  readonly kind: string
}

type Place = Pick<Conversation, 'id' | 'directory'>

/** Ended by nobody whom this bot has asked. */
const NOT_BY_US: readonly string[] = ['elsewhere', 'expired', 'server-gone']

/** The asks, and the lines that are missing of them. */
export function audit<A extends Audited>(
  asks: readonly A[],
  place: Place,
  at: number,
): readonly [readonly A[], readonly WriteAudit[]] {
  const told = asks.map((ask) => [ask, missingOf(ask)] as const)
  if (told.every(([, missing]) => missing.length === 0)) return [asks, []]
  return [
    told.map(([ask, missing]) => (missing.length === 0 ? ask : { ...ask, audited: missing.at(-1) })),
    told.flatMap(([ask, missing]) => missing.map((what) => lineOf(ask, what, place, at))),
  ]
}

function missingOf(ask: Audited): readonly Stage[] {
  const stage = stageOf(ask)
  if (ask.audited === stage) return []
  return ask.audited === undefined && stage !== 'asked' ? ['asked', stage] : [stage]
}

function stageOf({ phase }: Audited): Stage {
  if (phase.kind === 'open') return 'asked'
  return phase.kind === 'ended' && NOT_BY_US.includes(phase.end.kind) ? 'ended' : 'answered'
}

function lineOf(ask: Audited, what: Stage, place: Place, at: number): WriteAudit {
  const { phase, form } = ask
  const said = phase.kind === 'ended' ? phase.end : phase.kind === 'answering' ? phase.answer : undefined
  const given = said?.kind === 'answer' ? { given: form.given } : {}
  const answer = what === 'asked' || !said ? {} : { answer: { ...said, ...given } }
  return write({ key: `${ask.id}/${what}`, at, what, ...placeOf(place), ask: factsOf(ask), ...answer })
}

/** People's own files are opened without a question. */
export const auditOwnFiles = (ask: Ask, place: Place): WriteAudit =>
  write({ key: `${ask.id}/files`, what: 'allowed-own-files', ...placeOf(place), ask: factsOf(ask) })

/** Without `labels` and `words`: that what is picked is all. */
export function auditPick(ask: Ask, question: number, option: number, press: ButtonPress): WriteAudit {
  const { id, channelId: conversation, userId, userName: by, words, chosen = [option] } = press
  const options = ask.questions?.[question]?.options ?? []
  const labels = chosen.flatMap((index) => options[Number(index)]?.label ?? [])
  const picked = words !== undefined ? { words } : labels.length > 0 ? { labels } : {}
  return write({
    key: `${ask.id}/${id}`,
    what: 'picked',
    conversation,
    ask: factsOf(ask),
    answer: { by, userId, question, ...picked },
  })
}

export const auditRevoked = (rule: StandingAllowance, { channelId, userId, userName: by }: ButtonPress, at: number): WriteAudit =>
  write({
    key: `${rule.id}/revoked`,
    at,
    what: 'revoked',
    conversation: channelId,
    directory: rule.directory,
    rule,
    answer: { by, userId },
  })

export const auditLetIn = (
  { id, author, text, attachments }: IncomingMessage,
  { userId, userName: by }: ButtonPress,
  place: Place,
): WriteAudit =>
  write({
    key: `${id}/let-in`,
    what: 'let-in',
    ...placeOf(place),
    message: { id, author, text, files: attachments.map(({ name }) => name) },
    answer: { by, userId },
  })

/** Nothing follows from its outcome. */
const write = (entry: AuditEntry): WriteAudit => ({ key: `audit/${entry.key}`, kind: 'audit', owner: 'nobody', entry })

const placeOf = ({ id, directory }: Place) => ({ conversation: id, directory })

const factsOf = ({ id, kind, session, permission, title, patterns }: Ask) => ({
  id,
  kind,
  session,
  title,
  ...(permission !== undefined && { permission }),
  ...(patterns && { patterns }),
})

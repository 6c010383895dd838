/**
 * What became of all that was written, judged by the `checker` at any moment. The checker takes whatever has no end yet for lost; here a
 * thread is given time while it is at work: somebody types or writes there, the agent waits for an answer, the bot or Discord was down.
 */
import { check, type Finding, type ModelEntry } from 'checker'
import type { Finding as Shown, Verdict } from '../wire.ts'
import { evidenceOf, tagOf, type JournalRecord, type MessageRecord } from './evidence.ts'

export interface JudgeSources {
  readonly journal: readonly (JournalRecord | TypingRecord)[]
  readonly model: readonly ModelEntry[]
  readonly botId: string
  readonly channels: ReadonlySet<string>
  readonly maySpeak: (authorId: string) => boolean
  readonly kills: number
  /** When the bot or its way to Discord was last not as it should be; Unix milliseconds, `Infinity` while it is not. */
  readonly troubledAt: number
  readonly now: number
}

interface TypingRecord {
  readonly kind: 'request'
  readonly at: number
  readonly path: string
}

export function judge(sources: JudgeSources): Verdict {
  const { journal, model, botId, kills, troubledAt, now } = sources
  const messages = journal.filter((entry) => entry.kind === 'message')
  const evidence = evidenceOf(sources)
  const last = new Map(messages.map((entry) => [entry.messageId, entry]))
  const words = (tag: string) => last.get(tag.slice(2))?.content ?? ''
  const verdict = check({
    ...evidence,
    prompts: ({ messageId }) => evidence.expected.has(messageId),
    tags: /#m\d+/,
    isInterrupted: (content) => /^⬦ interrupted/m.test(content),
    isRefusal: (content, tag) => ENDED.test(content) || (TAKEN_OUT.test(content) && content.includes(words(tag).slice(0, 40))),
    isQueued: (content) => /[.!?]\s*queue\s*$/i.test(content),
  })
  const activity = activityOf(journal, botId)
  const isTroubled = now - troubledAt < TROUBLE_MS
  const homeOf = ({ messageId = '' }: Finding): string => {
    const entry = last.get(messageId)
    return entry?.parentId === undefined ? messageId : entry.channelId
  }
  const isAtWork = (finding: Finding): boolean =>
    finding.kind === 'lost' && (isTroubled || isBusy(activity.get(homeOf(finding)), now) || isOpen(finding, model))
  const open = verdict.findings.filter(isAtWork)
  const placeOf = (finding: Finding): string | undefined =>
    last.has(finding.messageId ?? '') ? homeOf(finding) : holderOf(finding.token, last)?.channelId
  const findings = verdict.findings
    .filter((one) => !open.includes(one))
    .map((one) => shown(one, last.get(one.messageId ?? ''), placeOf(one)))
    // A message without its end, and the answer that is missing for it, are one.
    .filter((one, at, all) => one.messageId === undefined || at === all.findIndex((other) => isSame(one, other)))
  const count = (kinds: readonly Shown['kind'][]) => findings.filter(({ kind }) => kinds.includes(kind)).length
  return {
    written: verdict.messages,
    answered: verdict.answered + verdict.interrupted + verdict.told,
    atWork: new Set(open.map(({ messageId }) => messageId)).size,
    lost: count(['lost']),
    doubled: count(['doubled']),
    misplaced: count(['disordered', 'crossed']),
    kills,
    findings,
  }
}

const isSame = (one: Shown, other: Shown): boolean => one.kind === other.kind && one.messageId === other.messageId

interface Activity {
  at: number
  isOver: boolean
  readonly asks: Set<string>
}

/** By thread: when somebody last wrote or typed there, whether a run has just told its end, and what the bot waits for. */
function activityOf(journal: JudgeSources['journal'], botId: string): ReadonlyMap<string, Activity> {
  const threads = new Map<string, Activity>()
  const touch = (id: string, at: number, isOver: boolean): Activity => {
    const activity = threads.get(id) ?? { at, isOver, asks: new Set<string>() }
    Object.assign(activity, { at, isOver })
    threads.set(id, activity)
    return activity
  }
  for (const entry of journal) {
    if (entry.kind === 'request' && 'path' in entry) {
      const place = TYPING.exec(entry.path)?.[1]
      if (place !== undefined) touch(place, entry.at, false)
    }
    if (entry.kind !== 'message' || entry.action === 'delete') continue
    const { authorId, channelId, parentId, messageId, content, message, at } = entry
    const home = parentId === undefined && authorId !== botId ? messageId : channelId
    const activity = touch(home, at, authorId === botId && FOOTER.test(content))
    if (authorId === botId && hasButtons(message)) activity.asks.add(messageId)
    else activity.asks.delete(messageId)
  }
  return threads
}

const isBusy = (activity: Activity | undefined, now: number): boolean =>
  activity !== undefined && (activity.asks.size > 0 || now - activity.at < (activity.isOver ? FOOTER_MS : QUIET_MS))

/** The model has begun to answer it, and has not ended. */
function isOpen({ messageId = '' }: Finding, model: readonly ModelEntry[]): boolean {
  return model.some(
    ({ outcome, answers }) => outcome === 'open' && answers.some((text) => text.includes(`message-id="${messageId}"`)),
  )
}

const hasButtons = ({ components = [] }: MessageRecord['message']): boolean => JSON.stringify(components).includes('"custom_id"')

const holderOf = (token: string | undefined, messages: ReadonlyMap<string, MessageRecord>): MessageRecord | undefined =>
  token === undefined
    ? undefined
    : [...messages.values()].find(({ content, action }) => action !== 'delete' && content.includes(token))

function shown(
  { kind, detail, messageId, token }: Finding,
  entry: MessageRecord | undefined,
  placeId: string | undefined,
): Shown {
  const plain = messageId === undefined ? detail : detail.replaceAll(`${tagOf(messageId)} `, '')
  return {
    kind,
    messageId,
    placeId,
    words: entry?.content ?? token ?? '',
    detail: plain.replaceAll(/#m(\d{5,})/g, '$1'),
  }
}

/** Lines that end a message without an answer: it failed, it was stopped, it is answered elsewhere. */
const ENDED = /^(?:✗|⬦ (?:stopped|not answered here|deleted before))/m
const TAKEN_OUT = /^⬦ taken out of the queue/m
const FOOTER = /^\*[^*\n]+ ⋅ [^\n]*\*$/m
const TYPING = /\/channels\/(\d+)\/typing/

const TROUBLE_MS = 20_000
/** A run that works says so at least every ten seconds: Discord shows that somebody types for that long. */
const QUIET_MS = 20_000
const FOOTER_MS = 4_000

/**
 * What is wrong with slash commands after a crash run, in words. Each acts at most once, and as somebody asked; whoever invoked it was
 * answered, or told in the place that it was not run.
 */
import type { Evidence, SessionFacts } from './evidence.ts'
import type { Invocation } from './invocations.ts'

export const amiss = (evidence: Evidence, invocations: readonly Invocation[]): readonly string[] => [
  ...stuck(evidence, invocations),
  ...invocations.flatMap((invocation) => twice(evidence, invocation) ?? lost(evidence, invocation) ?? []),
  ...sessionsTwice(evidence),
  ...threadsForNothing(evidence),
  ...shownTwice(evidence),
  ...summariesTwice(evidence, invocations),
  ...undoneTwice(evidence, invocations),
]

/** Threads and sessions in which what was said elsewhere stands again: the checker of messages has nothing to say about them. */
export const aside = ({ threads, sessions }: Evidence) => ({
  threads: new Set(threads.filter(({ isOfMessage }) => !isOfMessage).map(({ id }) => id)),
  sessions: new Set(sessions.filter(isCopy).map(({ id }) => id)),
})

/** Conversations mark a session of theirs by a number. */
const isCopy = ({ mark }: SessionFacts): boolean => mark !== undefined && !/^\d/.test(mark)

const describe = ({ name, tag }: Invocation): string => `/${name} ${tag}`
/** Whatever goes wrong is told to the person alone: then no answer stands. */
const isDone = ({ use: { state, response } }: Invocation): boolean =>
  state === 'answered' && /^[^✗]/.test(response?.content ?? '')

/** An acknowledged one that waits for ever. Of those that were not run, each is told once in its place. */
function stuck({ said }: Evidence, invocations: readonly Invocation[]): readonly string[] {
  const thinking = invocations.filter(({ use }) => use.state === 'thinking')
  const groups = Map.groupBy(thinking, ({ placeId, name }) => `${placeId} ${name}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const told = said(first.placeId).filter(({ text }) => /^✗ .* was not run/.test(text) && text.includes(first.name))
    return told.length >= group.length ? [] : [`stuck: ${group.map(describe).join(', ')}`]
  })
}

function twice({ marks, asked, pinned, sessions: known }: Evidence, invocation: Invocation): string | undefined {
  const { proof, tag, placeId } = invocation
  if (proof === 'pinned' && (pinned[placeId] ?? 0) > 1) return `pinned twice: ${describe(invocation)}`
  if (proof === 'mark' && marks.filter((line) => line === tag).length > 1) return `acted twice: ${describe(invocation)}`
  const all = new Set(asked.filter(({ words }) => words.includes(tag)).map(({ session }) => session))
  const copies = new Set(known.filter(isCopy).map(({ id }) => id))
  // A copy that is made before an answer holds the question too, and whoever asks there is answered both.
  const own = [...all].filter((id) => !copies.has(id))
  const said = own.length > 0 ? own : [...all]
  return proof === 'words' && said.length > 1
    ? `said in ${said.length} sessions: ${describe(invocation)} in ${said.map((id) => `${id} (${markOf(known, id)})`).join(', ')}`
    : undefined
}

const markOf = (sessions: readonly SessionFacts[], id: string): string =>
  sessions.find((session) => session.id === id)?.mark ?? 'no mark'

/** Answered as done, and nothing came of it. */
function lost(evidence: Evidence, invocation: Invocation): string | undefined {
  if (!isDone(invocation) || REFUSED.test(invocation.use.response?.content ?? '')) return undefined
  return hasActed(evidence, invocation) || isEnded(evidence, invocation)
    ? undefined
    : `lost: ${describe(invocation)}, answered "${invocation.use.response?.content}"; of it ${traces(evidence, invocation)}`
}

/** Where else its tag stands: whether the product or this judge is wrong must show in what a run leaves behind. */
function traces({ said, threads }: Evidence, { placeId, tag }: Invocation): string {
  const places = new Set([placeId, ...threads.map(({ id }) => id)])
  const found = [...places].flatMap((place) => said(place).map(({ text }) => ({ place, text })))
  const lines = found.flatMap(({ place, text }) => (text.includes(tag) ? [`in ${place} "${text.replaceAll('\n', ' ')}"`] : []))
  return lines.length === 0 ? 'stands nothing' : `stands ${lines.join(', ')}`
}

export function hasActed(
  { marks, asked, threads, verbosities, pinned }: Evidence,
  { proof, tag, placeId, use }: Invocation,
): boolean {
  if (proof === 'mark') return marks.includes(tag)
  if (proof === 'words') return asked.some(({ words }) => words.includes(tag))
  const content = use.response?.content ?? ''
  if (proof === 'thread') return threads.some(({ id }) => content.includes(id))
  if (proof === 'agent') return threads.find(({ id }) => id === placeId)?.agent !== undefined
  if (proof === 'pinned') return (pinned[placeId] ?? 0) > 0
  if (proof === 'verbosity') return content.startsWith('⬦ already set') || verbosities[placeId] !== undefined
  return content !== ''
}

/** Something else ended it, and that was said: it was stopped, taken back, or its thread has no session any more. */
function isEnded({ said, threads }: Evidence, { placeId, use, tag }: Invocation): boolean {
  const begun = /<#(\d+)>/.exec(use.response?.content ?? '')?.[1]
  const told = [placeId, begun].flatMap((place) => (place === undefined ? [] : said(place)))
  // The card of a shell command of a channel stands in a thread that its answer does not name.
  const cards = [...told, ...threads.flatMap(({ id }) => said(id))]
  if (cards.some(({ text }) => text.includes(tag) && TOLD.test(text))) return true
  return told.some(({ id, text }) => compare(id, use.id) > 0 && ENDED.test(text))
}

/** It stands and is kept up to date; the right to pin it is missing, and that is said. */
const REFUSED = /it is not pinned/
const ENDED = /^(?:✗|⬦ (?:stopped|interrupted|taken out|not answered here))/
/** The card of a shell command that was not run, or of which nobody knows how far it came. */
const TOLD = /not run|restarted before|Kimaki was stopped$/

const compare = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

function sessionsTwice({ sessions }: Evidence): readonly string[] {
  const groups = Map.groupBy(
    sessions.filter(({ mark }) => mark !== undefined),
    ({ mark }) => mark,
  )
  return [...groups].flatMap(([mark, made]) =>
    made.length > 1 ? [`${made.length} sessions were made for ${mark}: ${made.map(({ id }) => id).join(', ')}`] : [],
  )
}

const threadsForNothing = ({ threads }: Evidence): readonly string[] =>
  threads.flatMap(({ id, isOfMessage, isKnown }) => (isOfMessage || isKnown ? [] : [`a thread was opened for nothing: ${id}`]))

/** The answers of a model in a thread that the checker of messages leaves out. */
function shownTwice(evidence: Evidence): readonly string[] {
  return [...aside(evidence).threads].flatMap((id) => {
    const tokens = evidence.said(id).flatMap(({ text }) => text.match(/⟦t\d+⟧/gu) ?? [])
    const again = tokens.filter((token, index) => tokens.indexOf(token) !== index)
    return again.map((token) => `${token} stands twice in ${id}`)
  })
}

function summariesTwice({ sessions, threads }: Evidence, invocations: readonly Invocation[]): readonly string[] {
  return sessions
    .filter((session) => !isCopy(session))
    .flatMap(({ id, summaries }) => {
      const places = new Set(threads.filter(({ session }) => session === id).map((thread) => thread.id))
      const asked = invocations.filter(({ proof, placeId }) => proof === 'summary' && places.has(placeId))
      return places.size > 0 && summaries > asked.length
        ? [`summed up ${summaries} times, asked ${asked.length} times: ${id}`]
        : []
    })
}

/** What the last answer names as undone is where the session stands, as long as nobody has written after it. */
function undoneTwice({ sessions, threads, said }: Evidence, invocations: readonly Invocation[]): readonly string[] {
  return threads.flatMap(({ id, session }) => {
    const here = invocations.filter(({ placeId }) => placeId === id)
    const last = here.at(-1)
    const named = /^✓ undone: "(.*?)"/.exec(last?.use.response?.content ?? '')?.[1]
    const tag = /#[cm]\d+/.exec(named ?? '')?.[0]
    if (!last || tag === undefined || said(id).some((message) => compare(message.id, last.use.id) > 0 && isWritten(message.text)))
      return []
    const undoneFrom = sessions.find((facts) => facts.id === session)?.undoneFrom ?? 'nothing'
    return new RegExp(`${tag}\\b`).test(undoneFrom) ? [] : [`undone from "${undoneFrom}", and told "${named}": ${id}`]
  })
}

const isWritten = (text: string): boolean => /#[cm]\d+/.test(text) && !/^[⬦✓✗]/.test(text)

import type { History, Request } from '../history.ts'
import type { Prompt } from '../tags.ts'
import { quoted } from '../verdict.ts'
import type { Finding } from '../verdict.ts'

export function doubled(history: History): readonly Finding[] {
  return [...shownTwice(history), ...heardTwice(history), ...answeredTwice(history), ...inTwoSessions(history)]
}

/** A token that stands more than once. */
function shownTwice({ standing }: History): readonly Finding[] {
  return [...standing].flatMap(([token, posts]): readonly Finding[] => {
    if (posts.length < 2) return []
    const places = posts.map(({ messageId, channelId }) => `${messageId} (in ${channelId})`).join(', ')
    return [{ kind: 'doubled', token, detail: `${token} stands ${posts.length} times: ${places}` }]
  })
}

/** A prompt that is more than one user text of one request. Named once for each session. */
function heardTwice({ prompts, requests }: History): readonly Finding[] {
  const twice = new Map<Prompt, Map<string, Twice>>()
  for (const request of requests)
    for (const [prompt, times] of timesHeard(request)) {
      if (times < 2) continue
      const first = twice.get(prompt) ?? new Map<string, Twice>()
      if (!first.has(request.sessionId)) first.set(request.sessionId, { request, times })
      twice.set(prompt, first)
    }
  return prompts.flatMap((prompt) =>
    [...(twice.get(prompt)?.values() ?? [])].map(({ request: { seq, sessionId }, times }) =>
      about(prompt, `${prompt.tag} ${quoted(prompt.text)} is ${times} user texts of request #${seq} in session ${sessionId}`),
    ),
  )
}

interface Twice {
  readonly request: Request
  readonly times: number
}

/** How many user texts of the request each prompt is in. */
function timesHeard({ carries }: Request): ReadonlyMap<Prompt, number> {
  const times = new Map<Prompt, number>()
  for (const texts of carries) for (const prompt of new Set(texts)) times.set(prompt, (times.get(prompt) ?? 0) + 1)
  return times
}

/**
 * Two last words to the same newest prompt in one session. An answer that the session did not keep and nobody saw (the
 * agent died before it was stored) may be given again.
 */
function answeredTwice({ requests, standing }: History): readonly Finding[] {
  const words = requests.filter(({ tools, token, outcome }) => tools.length === 0 && token !== undefined && outcome === 'done')
  return [...Map.groupBy(words, ({ sessionId }) => sessionId).values()].flatMap((inSession) =>
    inSession.flatMap((second, index) => {
      const prompt = newest(second)
      const first = inSession.slice(0, index).find((earlier) => {
        if (newest(earlier) !== prompt || earlier.token === undefined) return false
        return second.tokensBefore.includes(earlier.token) || (standing.has(earlier.token) && standing.has(second.token ?? ''))
      })
      if (!prompt || !first) return []
      const detail = `${prompt.tag} ${quoted(prompt.text)} was answered twice in session ${second.sessionId}: ${first.token ?? ''} (#${first.seq}), ${second.token ?? ''} (#${second.seq})`
      return [about(prompt, detail)]
    }),
  )
}

function inTwoSessions({ prompts, requests }: History): readonly Finding[] {
  const heard = new Map<Prompt, Set<string>>(prompts.map((prompt) => [prompt, new Set()]))
  for (const { sessionId, carries } of requests) for (const prompt of carries.flat()) heard.get(prompt)?.add(sessionId)
  return [...heard].flatMap(([prompt, sessions]) =>
    sessions.size > 1
      ? [about(prompt, `${prompt.tag} ${quoted(prompt.text)} stands in ${sessions.size} sessions: ${[...sessions].join(', ')}`)]
      : [],
  )
}

function newest(request: Request): Prompt | undefined {
  return request.carries.at(-1)?.at(-1)
}

function about({ tag, messageId }: Prompt, detail: string): Finding {
  return { kind: 'doubled', messageId, tag, detail }
}

import type { History, Prompt, Request } from '../history.ts'
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
  return prompts.flatMap((prompt) => {
    const times = (request: Request) => request.carries.filter((texts) => texts.includes(prompt)).length
    const first = new Map<string, Request>()
    for (const request of requests) if (times(request) > 1 && !first.has(request.sessionId)) first.set(request.sessionId, request)
    return [...first.values()].map((request) =>
      about(
        prompt,
        `${prompt.tag} ${quoted(prompt.text)} is ${times(request)} user texts of request #${request.seq} in session ${request.sessionId}`,
      ),
    )
  })
}

/**
 * Two last words to the same newest prompt in one session. An answer that the session did not keep and nobody saw (the
 * agent died before it was stored) may be given again.
 */
function answeredTwice({ requests, standing }: History): readonly Finding[] {
  const words = requests.filter(({ tools, token, outcome }) => tools.length === 0 && token !== undefined && outcome === 'done')
  return words.flatMap((second, index) => {
    const prompt = newest(second)
    const first = words.slice(0, index).find((earlier) => {
      if (earlier.sessionId !== second.sessionId || newest(earlier) !== prompt || earlier.token === undefined) return false
      return second.tokensBefore.includes(earlier.token) || (standing.has(earlier.token) && standing.has(second.token ?? ''))
    })
    if (!prompt || !first) return []
    const detail = `${prompt.tag} ${quoted(prompt.text)} was answered twice in session ${second.sessionId}: ${first.token ?? ''} (#${first.seq}), ${second.token ?? ''} (#${second.seq})`
    return [about(prompt, detail)]
  })
}

function inTwoSessions({ prompts, requests }: History): readonly Finding[] {
  return prompts.flatMap((prompt) => {
    const sessions = new Set(requests.flatMap(({ sessionId, carries }) => (carries.flat().includes(prompt) ? [sessionId] : [])))
    return sessions.size > 1
      ? [about(prompt, `${prompt.tag} ${quoted(prompt.text)} stands in ${sessions.size} sessions: ${[...sessions].join(', ')}`)]
      : []
  })
}

function newest(request: Request): Prompt | undefined {
  return request.carries.at(-1)?.at(-1)
}

function about({ tag, messageId }: Prompt, detail: string): Finding {
  return { kind: 'doubled', messageId, tag, detail }
}

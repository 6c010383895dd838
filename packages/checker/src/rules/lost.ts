import type { Ending } from '../endings.ts'
import type { History } from '../history.ts'
import type { Prompt } from '../tags.ts'
import { quoted } from '../verdict.ts'
import type { Finding } from '../verdict.ts'

/** Messages without any ending, and texts that the agent's session has kept but Discord does not show. */
export function lost(history: History, ends: ReadonlyMap<Prompt, Ending>): readonly Finding[] {
  const messages = history.prompts
    .filter((prompt) => ends.get(prompt) === 'lost')
    .map((prompt): Finding => {
      const { tag, messageId, text, home } = prompt
      return {
        kind: 'lost',
        messageId,
        tag,
        detail: `message ${messageId} ${quoted(text)} has no end in thread ${home}: ${whereItStopped(history, prompt)}`,
      }
    })
  return [...messages, ...unseen(history)]
}

function whereItStopped({ requests, standing }: History, prompt: Prompt): string {
  const last = requests.findLast(({ answering }) => answering.includes(prompt))
  if (!last) {
    const known = requests.some(({ carries }) => carries.some((texts) => texts.includes(prompt)))
    return known ? 'the model saw it only in the past of other requests' : 'no request of the model carries it'
  }
  const what = last.tools.length > 0 ? `called ${last.tools.join(', ')}` : (last.token ?? 'without text')
  const posts = standing.get(last.token ?? '') ?? []
  const shown = posts.length === 0 ? 'shown nowhere' : `shown in ${posts.map(({ channelId }) => channelId).join(', ')}`
  return `the last request for it is #${last.seq} (${what}, ${last.outcome}), ${shown}`
}

/** A token that stands in a later request of its session was kept by the agent: the thread has to show it. */
function unseen({ requests, standing }: History): readonly Finding[] {
  const kept = new Set(requests.flatMap(({ tokensBefore }) => tokensBefore))
  return requests.flatMap(({ seq, sessionId, token, outcome, answering }): readonly Finding[] => {
    const [prompt] = answering
    if (token === undefined || outcome !== 'done' || !kept.has(token) || !prompt) return []
    if (standing.get(token)?.some(({ channelId }) => answering.some(({ home }) => home === channelId))) return []
    const { tag, messageId, home } = prompt
    return [
      {
        kind: 'lost',
        messageId,
        tag,
        token,
        detail: `${token} (request #${seq}, for ${tag}) stands in session ${sessionId}, but not in thread ${home}`,
      },
    ]
  })
}

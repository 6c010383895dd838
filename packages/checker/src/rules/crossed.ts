import type { History } from '../history.ts'
import type { Finding } from '../verdict.ts'

/** Cross-talk: an answer in a thread of another session, or prompts of two threads in one session. */
export function crossed({ prompts, requests, standing }: History): readonly Finding[] {
  const threads = new Set(prompts.map(({ home }) => home))
  return [...Map.groupBy(requests, ({ sessionId }) => sessionId)].flatMap(([sessionId, ofSession]) => {
    const heard = new Set(ofSession.flatMap(({ carries }) => carries.flat()))
    const homes = new Set([...heard].map(({ home }) => home))
    if (homes.size === 0) return [] // no prompt of ours: a subagent, or talk without tags

    const answers = ofSession.flatMap(({ token = '' }) =>
      (standing.get(token) ?? [])
        .filter(({ channelId }) => threads.has(channelId) && !homes.has(channelId))
        .map(({ channelId, messageId }): Finding => {
          const home = [...homes].join(', ') || 'no thread'
          return {
            kind: 'crossed',
            messageId,
            token,
            detail: `${token} of session ${sessionId} (${home}) stands in thread ${channelId}, message ${messageId}`,
          }
        }),
    )
    if (homes.size < 2) return answers
    const list = [...heard].map(({ tag, home }) => `${tag} of ${home}`).join(', ')
    return [
      ...answers,
      { kind: 'crossed', detail: `session ${sessionId} heard messages of ${homes.size} threads: ${list}` } satisfies Finding,
    ]
  })
}

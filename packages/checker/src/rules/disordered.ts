import { compareIds } from '../history.ts'
import type { History, Request } from '../history.ts'
import type { Prompt } from '../tags.ts'
import type { Finding } from '../verdict.ts'

export function disordered(history: History): readonly Finding[] {
  return [...Map.groupBy(history.requests, ({ sessionId }) => sessionId)].flatMap(([sessionId, requests]) => [
    ...prompts(sessionId, requests),
    ...answers(history, sessionId, requests),
  ])
}

/** The session's newest request holds the prompts of each thread in the order of their message ids, those that had to wait among themselves. */
function prompts(sessionId: string, requests: readonly Request[]): readonly Finding[] {
  const carried = [...new Set(requests.at(-1)?.carries.flat())]
  return [...Map.groupBy(carried, ({ home, queued }) => `${home} ${queued}`).values()].flatMap((thread) =>
    steps(thread).flatMap(([before, after]): readonly Finding[] => {
      if (compareIds(before.messageId, after.messageId) < 0) return []
      const { tag, messageId } = after
      return [
        {
          kind: 'disordered',
          messageId,
          tag,
          detail: `session ${sessionId} heard ${before.tag} before ${tag}, Discord has ${names([after, before])}`,
        },
      ]
    }),
  )
}

/** The session's tokens stand in each thread in the order of its requests. */
function answers({ posts }: History, sessionId: string, requests: readonly Request[]): readonly Finding[] {
  const seqs = new Map(requests.flatMap(({ token, seq }) => (token === undefined ? [] : [[token, seq] as const])))
  return [...Map.groupBy(posts, ({ channelId }) => channelId)].flatMap(([thread, inThread]) => {
    const shown = [...new Set(inThread.flatMap(({ tokens }) => tokens))].flatMap((token) => {
      const seq = seqs.get(token)
      return seq === undefined ? [] : [{ token, seq }]
    })
    return steps(shown).flatMap(([before, after]): readonly Finding[] => {
      if (before.seq < after.seq) return []
      const detail = `thread ${thread} shows ${before.token} (#${before.seq}) before ${after.token} (#${after.seq}) of session ${sessionId}`
      return [{ kind: 'disordered', token: after.token, detail }]
    })
  })
}

/** Each element with the next one. */
function steps<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.slice(1).flatMap((after, index) => {
    const before = list[index]
    return before === undefined ? [] : [[before, after] as const]
  })
}

function names(prompts: readonly Prompt[]): string {
  return prompts.map(({ tag, messageId }) => `${tag} (${messageId})`).join(' before ')
}

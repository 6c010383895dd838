/** Who a member is now. Messages read over REST carry no `member`; a page of them asks once per author. */
import type { APIGuildMember } from 'discord-api-types/v10'
import type { Rest, RestResult } from '../rest/rest.ts'

export interface MemberFacts {
  readonly roles: readonly string[]
  readonly nick: string | undefined
  readonly isBot: boolean
}

export interface Members {
  /** At most `KEPT_MS` old; undefined: not a member (left, webhook). */
  recent(guildId: string, userId: string): Promise<RestResult<MemberFacts | undefined>>
  /** Asked now; all that wait for an answer share it: five hundred messages of one author must not be five hundred requests. */
  fresh(guildId: string, userId: string): Promise<RestResult<MemberFacts | undefined>>
}

const KEPT_MS = 10_000
const KEPT = 500

export function createMembers(rest: Rest): Members {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<RestResult<MemberFacts | undefined>> }>()

  const underWay = new Map<string, Promise<RestResult<MemberFacts | undefined>>>()

  function fresh(guildId: string, userId: string): Promise<RestResult<MemberFacts | undefined>> {
    const key = `${guildId}/${userId}`
    const awaited = underWay.get(key)
    if (awaited) return awaited
    const answer = fetchMember(rest, guildId, userId).finally(() => underWay.delete(key))
    underWay.set(key, answer)
    kept.delete(key)
    kept.set(key, { at: performance.now(), answer })
    const oldest = kept.keys().next()
    if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value)
    void answer.then((result) => result.ok || kept.delete(key))
    return answer
  }

  return {
    fresh,
    recent(guildId, userId) {
      const known = kept.get(`${guildId}/${userId}`)
      return known && performance.now() - known.at < KEPT_MS ? known.answer : fresh(guildId, userId)
    },
  }
}

async function fetchMember(rest: Rest, guildId: string, userId: string): Promise<RestResult<MemberFacts | undefined>> {
  const result = await rest.read<APIGuildMember>(`/guilds/${guildId}/members/${userId}`)
  if (result.ok) {
    const { roles, nick, user } = result.value
    return { ok: true, value: { roles, nick: nick ?? undefined, isBot: user.bot ?? false } }
  }
  return result.failure.kind === 'gone' ? { ok: true, value: undefined } : result
}

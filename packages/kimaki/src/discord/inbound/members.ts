/** Fetches members of a guild, with their names and roles. Messages read over REST carry no `member`; a page of them asks once per author. */
import { ChatForbidden, ChatGone } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { memberWithUser } from '../wire/guild.ts'

export interface MemberFacts {
  readonly roles: readonly string[]
  readonly nick: string | undefined
  readonly isBot: boolean
}

/** Undefined: not a member (left, webhook). */
type Answer = Promise<MemberFacts | undefined | ChatError>

const KEPT_MS = 10_000
const KEPT = 500

export class Members {
  readonly #rest: Rest
  /** Oldest first. */
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Answer }>()
  readonly #underWay = new Map<string, Answer>()

  constructor(rest: Rest) {
    this.#rest = rest
  }

  /** At most `KEPT_MS` old. */
  recent(guildId: string, userId: string): Answer {
    const known = this.#kept.get(`${guildId}/${userId}`)
    return known && performance.now() - known.at < KEPT_MS ? known.answer : this.fresh(guildId, userId)
  }

  /** Asked now; all that wait for an answer share it: five hundred messages of one author must not be five hundred requests. */
  fresh(guildId: string, userId: string): Answer {
    const key = `${guildId}/${userId}`
    const awaited = this.#underWay.get(key)
    if (awaited) return awaited
    const answer = this.#ask(key, guildId, userId)
    this.#underWay.set(key, answer)
    this.#kept.delete(key)
    this.#kept.set(key, { at: performance.now(), answer })
    const oldest = this.#kept.keys().next()
    if (this.#kept.size > KEPT && !oldest.done) this.#kept.delete(oldest.value)
    return answer
  }

  /** What failed, or was stopped, is not kept. */
  async #ask(key: string, guildId: string, userId: string): Answer {
    let isKept = false
    try {
      const member = await fetchMember(this.#rest, guildId, userId)
      isKept = !(member instanceof Error)
      return member
    } finally {
      this.#underWay.delete(key)
      if (!isKept) this.#kept.delete(key)
    }
  }
}

async function fetchMember(rest: Rest, guildId: string, userId: string): Answer {
  const member = await rest.read(`/guilds/${guildId}/members/${userId}`, memberWithUser)
  if (member instanceof ChatGone || member instanceof ChatForbidden) return undefined
  if (member instanceof Error) return member
  return { roles: member.roles, nick: member.nick, isBot: member.user.bot ?? false }
}

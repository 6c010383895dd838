/** Channels of this machine, as its gateway keeps them (`kimaki-protocol`, `ownership.ts`). */
import { Malformed, ownedBy, ownerPath, readOwned, readOwnership } from 'kimaki-protocol'
import { ChatUnknown, UsageError } from '../../base/errors.ts'
import { lineForTerminal } from '../../base/text.ts'
import type { ChannelOwners } from '../../ports/channel-owners.ts'

export interface GatewayAccess {
  /** `clientId:secret`. */
  readonly token: string
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
}

const TIMEOUT_MS = 8000
const [OK, FORBIDDEN, CONFLICT] = [200, 403, 409]

export const createGatewayOwners = (access: GatewayAccess): ChannelOwners => ({
  async claim(channelId) {
    const answer = await ask(access, 'PUT', channelId)
    if (answer instanceof Error) return answer
    const owned = answer.status === CONFLICT ? readOwned(answer.body) : undefined
    if (owned && !(owned instanceof Malformed)) return new UsageError({ reason: lineForTerminal(ownedBy(owned.machine)) })
    if (answer.status === FORBIDDEN)
      return new UsageError({ reason: 'The gateway has not let this machine into the server of that channel.' })
    return isUnderstood(answer) ? undefined : unknown(`the gateway answers ${answer.status}`)
  },
  async release(channelId) {
    const answer = await ask(access, 'DELETE', channelId)
    if (answer instanceof Error) return answer
    // Somebody else's, or of a server this machine is not in any more: either way not this machine's.
    if (answer.status === CONFLICT || answer.status === FORBIDDEN) return undefined
    return isUnderstood(answer) ? undefined : unknown(`the gateway answers ${answer.status}`)
  },
})

interface Answer {
  readonly status: number
  readonly body: unknown
}

const isUnderstood = ({ status, body }: Answer): boolean => status === OK && !(readOwnership(body) instanceof Malformed)

const unknown = (reason: string): ChatUnknown => new ChatUnknown({ reason })

/** Redirects are not followed: the secret is said to nobody else. */
async function ask({ token, apiUrl }: GatewayAccess, method: 'PUT' | 'DELETE', channelId: string): Promise<Answer | ChatUnknown> {
  // Only whoever links or unlinks needs it.
  const { createTransport } = await import('../../discord/rest/transport.ts')
  const transport = createTransport()
  try {
    const answer = await transport.exchange(`${apiUrl.replace(/\/api$/, '')}${ownerPath(channelId)}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: answer.status, body: await answer.json().catch(() => undefined) }
  } catch (error) {
    return unknown(`the gateway cannot be reached (${error instanceof Error ? error.message : String(error)})`)
  } finally {
    transport.close()
  }
}

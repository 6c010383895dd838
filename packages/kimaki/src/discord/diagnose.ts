/** One question to Discord for whoever looks for a fault: is it reached, does it take the token, may messages be read, and what time does it say. */
import { ApplicationFlags } from 'discord-api-types/v10'
import { Unreadable } from '../base/errors.ts'
import { createTransport } from './rest/transport.ts'
import { number, record } from './wire/shape.ts'

export type Diagnosis =
  | {
      readonly kind: 'answer'
      readonly status: number
      /** Unix ms by the `Date` header, which has seconds. */
      readonly theirTime: number | undefined
      /** The Message Content intent; undefined when it is not told. */
      readonly readsMessages: boolean | undefined
    }
  | { readonly kind: 'unreachable'; readonly reason: string }

const TIMEOUT_MS = 8000
const READS = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited
const application = record({ flags: number })

/** Without a token only whether it is reached (Discord docs: Get Gateway), with one as the application (Get Current Application). */
export async function diagnose(apiUrl: string, token: string | undefined): Promise<Diagnosis> {
  const transport = createTransport()
  const url = `${apiUrl}/v10${token === undefined ? '/gateway' : '/applications/@me'}`
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bot ${token}` }
  try {
    const answer = await transport.exchange(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const theirTime = Date.parse(answer.headers.get('date') ?? '')
    const flags = token !== undefined && answer.ok ? application(await answer.json().catch(() => undefined)) : undefined
    return {
      kind: 'answer',
      status: answer.status,
      theirTime: Number.isNaN(theirTime) ? undefined : theirTime,
      readsMessages: flags === undefined || flags instanceof Unreadable ? undefined : (flags.flags & READS) !== 0,
    }
  } catch (error) {
    return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    transport.close()
  }
}

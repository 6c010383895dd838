/** Requests to Discord with the bot's token: the only place that knows it beside the socket. Nothing is tried twice. */
import { NoAnswer, reasonOf } from '../base/errors.ts'
import { parseJson } from '../base/shape.ts'

export interface UpstreamRequest {
  readonly method: string
  /** Below `/v10`, with its query; built by the gateway, never taken over from a client. */
  readonly path: string
  readonly body?: string | FormData
  /** X-Audit-Log-Reason, as it is shown to administrators. */
  readonly reason?: string | undefined
}

export interface UpstreamAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

export interface UpstreamRest {
  ask(request: UpstreamRequest): Promise<UpstreamAnswer | NoAnswer>
  /** The JSON of a GET that was answered with 200. */
  get(path: string): Promise<unknown>
}

const TIMEOUT_MS = 15_000

/** `apiUrl` ends in `/api`. */
export function createUpstreamRest(apiUrl: string, token: string): UpstreamRest {
  const ask = async ({ method, path, body, reason }: UpstreamRequest): Promise<UpstreamAnswer | NoAnswer> => {
    const headers = {
      authorization: `Bot ${token}`,
      'user-agent': 'DiscordBot (kimaki-gateway, 0.1.0)',
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(reason === undefined ? {} : { 'x-audit-log-reason': reason }),
    }
    try {
      const response = await fetch(`${apiUrl}/v10${path}`, {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      })
      return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) }
    } catch (error) {
      return new NoAnswer({ reason: reasonOf(error) })
    }
  }
  return {
    ask,
    async get(path) {
      const answer = await ask({ method: 'GET', path })
      if (answer instanceof NoAnswer || answer.status !== 200) return new NoAnswer({ reason: `GET ${path}` })
      return parseJson(Buffer.from(answer.body).toString())
    },
  }
}

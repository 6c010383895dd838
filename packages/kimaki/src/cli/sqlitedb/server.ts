/** Serves the database with libSQL's protocol over HTTP (Hrana 2) on 127.0.0.1, to whoever has the token. */
import { systemClock } from '../../base/clock.ts'
import type { Mode } from '../../store/hrana/connection.ts'
import type { HranaError } from '../../store/hrana/protocol.ts'
import { bearerOf, isSame, listen, newToken, textOf, type Answer, type Loopback } from '../loopback/listener.ts'
import { ConnectionProcess } from './connection-process.ts'
import { Streams } from './streams.ts'

export interface SqlServer extends Pick<Loopback, 'close'> {
  readonly address: SqlAddress
}

export interface SqlAddress {
  readonly url: string
  readonly token: string
}

/** Bytes of a request. */
const LONGEST_REQUEST = 2 ** 20

export async function serveDatabase(file: string, mode: Mode): Promise<SqlServer | Error> {
  const token = newToken()
  const streams = new Streams(() => new ConnectionProcess(file, mode), systemClock)
  const loopback = await listen(async (request, gone) => {
    if (!isSame(bearerOf(request), token)) return refusal(401, { code: 'AUTH', message: 'The token is missing or wrong.' })
    const route = `${request.method} ${request.url}`
    if (route === 'GET /v2') return { status: 200, type: 'text/plain; charset=utf-8', body: 'Hrana 2\n' }
    if (route !== 'POST /v2/pipeline') return refusal(404, { code: 'NOT_FOUND', message: 'Here are /v2 and /v2/pipeline.' })
    const text = await textOf(request, LONGEST_REQUEST)
    if (text === undefined) return refusal(413, { code: 'REQUEST_TOO_LARGE', message: 'The request is longer than 1 MB.' })
    const answer = await streams.pipeline(parsed(text), gone)
    return typeof answer === 'string' ? { status: 200, type: JSON_TYPE, body: answer } : refusal(400, answer)
  })
  if (loopback instanceof Error) return loopback
  return {
    address: { url: `http://127.0.0.1:${loopback.port}`, token },
    async close() {
      streams.close()
      await loopback.close()
    },
  }
}

/** The client looks for exactly this type. */
const JSON_TYPE = 'application/json'

const refusal = (status: number, error: HranaError): Answer => ({ status, type: JSON_TYPE, body: JSON.stringify(error) })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

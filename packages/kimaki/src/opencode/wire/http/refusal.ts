/** What OpenCode's error answers mean for the product. Pure. The shapes were seen in 1.18.33: test/opencode/refusal.test.ts has them. */
import { AgentRefused, ConfigBroken, SessionGone } from '../../../base/errors.ts'
import { read } from '../read.ts'
import type { Received } from '../read.ts'

/** The API description leaves most error bodies out. */
interface ErrorBody {
  readonly name?: string
  readonly message?: string
  readonly data?: ErrorData
}

interface ErrorData {
  readonly message?: string
  readonly path?: string
  readonly ref?: string
  readonly issues?: readonly { readonly path?: readonly (string | number)[]; readonly message?: string }[]
}

const SESSION_NOT_FOUND = /^Session not found(?:: )?(.*)/

export function refusalOf(status: number, body: unknown): ConfigBroken | SessionGone | AgentRefused {
  const error = read<ErrorBody>(body)
  const data = error.object('data')
  const name = error.text('name')
  const message = data.text('message') ?? error.text('message')
  if (name?.startsWith('Config')) {
    return new ConfigBroken({ file: data.text('path') ?? 'opencode.json', reason: configReason(data, message) })
  }
  const session = status === 404 ? SESSION_NOT_FOUND.exec(message ?? '')?.[1] : undefined
  if (session !== undefined) return new SessionGone({ session })
  return new AgentRefused({ status, reason: message ?? data.text('ref') ?? name ?? '' })
}

/** Where and what is wrong, without the excerpt of the file that OpenCode quotes: the file may hold keys. */
function configReason(data: Received<ErrorData>, message: string | undefined): string {
  const issues = data.list('issues').map((issue) => {
    const path = issue.texts('path').join('.')
    return path === '' ? (issue.text('message') ?? '') : `${path}: ${issue.text('message') ?? 'invalid'}`
  })
  if (issues.length > 0) return issues.join('; ')
  if (message === undefined) return 'invalid'
  const places = message.match(/^\w+ at line \d+, column \d+$/gm)
  return places ? places.join('; ') : (message.trim().split('\n')[0] ?? 'invalid')
}

/**
 * A refusal as Discord words it. It is thrown wherever a rule says no, and caught in two places: the REST pipeline turns it into an
 * answer, and a test that acts as a person meets it as an exception.
 */
import { ERRORS, type ErrorName } from '../../rules/errors.ts'

export interface ErrorBody {
  readonly message: string
  readonly code: number
  readonly errors?: unknown
}

export class DiscordError extends Error {
  readonly status: number
  /** Discord's JSON error code, e.g. 50013. */
  readonly code: number
  readonly body: ErrorBody

  constructor(status: number, body: ErrorBody) {
    super(`${body.message} (${body.code})`)
    this.name = 'DiscordError'
    this.status = status
    this.code = body.code
    this.body = body
  }
}

export function refusal(name: ErrorName): DiscordError {
  const { status, code, message } = ERRORS[name]
  return new DiscordError(status, { message, code })
}

/** One wrong field of a request. */
export interface FormProblem {
  readonly path: readonly (string | number)[]
  readonly code: string
  readonly message: string
}

/** 50035 with the nested `errors` object of the documentation (docs: Reference > Error Messages). */
export function formRefusal(problems: readonly FormProblem[]): DiscordError {
  const errors: Record<string, unknown> = {}
  for (const { path, code, message } of problems) {
    let node = errors
    for (const step of path) {
      const next = (node[step] ?? {}) as Record<string, unknown>
      node[step] = next
      node = next
    }
    const list = (node._errors ?? []) as unknown[]
    node._errors = [...list, { code, message }]
  }
  const { status, code, message } = ERRORS.formBody
  return new DiscordError(status, { message, code, errors })
}

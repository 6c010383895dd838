/** Failures that end a run, as events. */
import { letters } from '../base/ids.ts'
import type { NamedError, Session } from '../store/shapes.ts'
import { tellSession } from './server.ts'
import type { Server } from './server.ts'

export const ABORTED: NamedError = { name: 'MessageAbortedError', data: { message: 'Aborted' } }

export const unknownError = (message: string): NamedError => ({ name: 'UnknownError', data: { message } })

export const tellError = (server: Server, session: string, error: NamedError): void =>
  tellSession(server, session, 'session.error', { error })

/** OpenCode tells such an error twice, the second time with the stack of its source. */
export function tellModelMissing(server: Server, { id }: Session, name: string): void {
  tellError(server, id, unknownError(`Model not found: ${name}.`))
  server.runs.tellIdle(id)
  tellError(server, id, unknownError(withStack(`ProviderModelNotFoundError: Model not found: ${name}.`)))
}

export const withStack = (message: string): string => `${message}\n    at SessionPrompt.run (/$bunfs/root/scripted:1:1)`

/** The body of a 500: the reason stands in the log only. */
export const unexpected = (): NamedError => ({
  name: 'UnknownError',
  data: { message: 'Unexpected server error. Check server logs for details.', ref: `err_${letters(8).toLowerCase()}` },
})

/** The two ends of an `AgentResult`, and the failure that every stopped wait ends with. */
import type { AgentFailureReason, AgentResult } from '../../ports/agent.ts'

export type Failed = { readonly ok: false; readonly failure: AgentFailureReason }

export const done = <T>(value: T): AgentResult<T> => ({ ok: true, value })

export const failed = (failure: AgentFailureReason): Failed => ({ ok: false, failure })

export const unavailable = (message: string): Failed => failed({ kind: 'unavailable', message })

export const STOPPED: Failed = failed({ kind: 'stopped' })

/** The options of `kimaki send` that say how the message is to be run, read from what a person typed. */
import { UsageError } from '../../base/errors.ts'
import type { PermissionRule } from '../../domain/agent.ts'
import type { ModelChoice } from '../../domain/models/preferences.ts'

/** `provider/model`; a model's own name may have slashes, too. */
export function readModel(text: string): ModelChoice | UsageError {
  const [, provider, model] = /^([^/\s]+)\/(\S+)$/.exec(text) ?? []
  if (provider !== undefined && model !== undefined) return { provider, model, variant: undefined }
  return new UsageError({ reason: `--model must be provider/model, as "opencode models" prints it; it is "${text}".` })
}

const ACTIONS = ['allow', 'deny', 'ask'] as const

/** `tool:action` or `tool:pattern:action`; the pattern may have colons. */
export function readRule(text: string): PermissionRule | UsageError {
  const [, permission = '', pattern = '*', word = ''] = /^([^:\s]+)(?::(.+))?:(\w+)$/s.exec(text) ?? []
  const action = ACTIONS.find((one) => one === word.toLowerCase())
  if (permission !== '' && action) return { permission, pattern, action }
  return new UsageError({
    reason: `--permission must be tool:action or tool:pattern:action, with allow, deny or ask, e.g. "bash:git push*:deny"; it is "${text}".`,
  })
}

/** Its id, or a mention of it. */
export function readUser(text: string): string | UsageError {
  const [, id] = /^(?:<@!?)?(\d{17,20})>?$/.exec(text.trim()) ?? []
  return (
    id ??
    new UsageError({
      reason: `--user must be the id of a Discord user; it is "${text}". "kimaki user list" shows those of a server.`,
    })
  )
}

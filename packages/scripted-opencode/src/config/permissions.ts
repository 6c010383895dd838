/** What may be done without asking: the last rule that fits wins. */
import type { PermissionRule } from '../store/shapes.ts'
import { isRecord } from '../base/json.ts'

export type Action = PermissionRule['action']

/** Everything, but for folders outside of the project. */
export const DEFAULT_RULES: readonly PermissionRule[] = [
  { permission: '*', pattern: '*', action: 'allow' },
  { permission: 'external_directory', pattern: '*', action: 'ask' },
  { permission: 'doom_loop', pattern: '*', action: 'ask' },
]

/** `"ask"`, `{ "bash": "ask" }` or `{ "bash": { "git *": "allow" } }`. */
export function rulesOf(value: unknown): readonly PermissionRule[] {
  if (typeof value === 'string') return [{ permission: '*', pattern: '*', action: value as Action }]
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([permission, actions]) =>
    isRecord(actions)
      ? Object.entries(actions).map(([pattern, action]) => ({ permission, pattern, action: action as Action }))
      : [{ permission, pattern: '*', action: actions as Action }],
  )
}

/** What is to be done about all of the patterns together: the strictest of what is to be done about each. */
export function actionFor(rules: readonly PermissionRule[], permission: string, patterns: readonly string[]): Action {
  const actions = patterns.map(
    (pattern) =>
      rules.findLast((rule) => fits(rule.permission, permission) && fits(rule.pattern, pattern))?.action ?? ('ask' as const),
  )
  return (['deny', 'ask'] as const).find((action) => actions.includes(action)) ?? 'allow'
}

/** `*` is any text, `?` any one character. */
function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

/** What a person has allowed for a whole thread: a permission, for all that these patterns cover. Pure. */
import type { Ask } from '../../../agent.ts'

export interface Allowance {
  /** OpenCode's name, e.g. `bash`, `edit`. */
  readonly permission: string
  /** Patterns as OpenCode proposes them: `*` stands for any characters, `?` for one. */
  readonly patterns: readonly string[]
}

/** Undefined: OpenCode proposes nothing that one could allow for longer. */
export const allowanceOf = ({ permission, always = [] }: Ask): Allowance | undefined =>
  permission === undefined || always.length === 0 ? undefined : { permission, patterns: always }

/** Each thing that is asked for must be covered by what was allowed for this very permission. */
export const isCovered = ({ permission, patterns = [] }: Ask, allowances: readonly Allowance[]): boolean => {
  const allowed = allowances.filter((one) => one.permission === permission).flatMap((one) => one.patterns)
  return patterns.length > 0 && patterns.every((pattern) => allowed.some((known) => matches(known, pattern)))
}

/** From left to right, and never back behind the last star: no pattern makes it slow. */
function matches(pattern: string, text: string): boolean {
  let inPattern = 0
  let inText = 0
  /** Where the last star stands, and where in the text what follows it was tried last. */
  let star = -1
  let tried = 0
  while (inText < text.length) {
    const sign = pattern[inPattern]
    if (sign === '*') {
      star = inPattern
      tried = inText
      inPattern += 1
    } else if (sign === '?' || sign === text[inText]) {
      inPattern += 1
      inText += 1
    } else if (star !== -1) {
      tried += 1
      inText = tried
      inPattern = star + 1
    } else return false
  }
  return /^\**$/.test(pattern.slice(inPattern))
}

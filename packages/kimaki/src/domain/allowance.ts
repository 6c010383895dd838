/** What people have allowed: a permission, for all that some patterns cover. Pure. */
import { oneLine, stripControl, withoutDirection } from '../base/text.ts'
import type { Ask } from './agent.ts'

export interface Allowance {
  /** OpenCode's name, e.g. `bash`, `edit`. */
  readonly permission: string
  /** Patterns as OpenCode proposes them: `*` stands for any characters, `?` for one. */
  readonly patterns: readonly string[]
}

/** For every session in a project folder, until somebody revokes it: a row of the store. */
export interface StandingAllowance extends Allowance {
  readonly id: string
  readonly directory: string
  /** Who allowed it. */
  readonly userId: string
  readonly userName: string
  /** Where the card stood. */
  readonly conversation: string
  /** Unix ms. */
  readonly at: number
}

/** What becomes of the rows. */
export type AllowanceChange =
  | { readonly kind: 'allow'; readonly allowance: StandingAllowance }
  | { readonly kind: 'revoke'; readonly id: string }

/** So much room all patterns together have on a card. UTF-16 units. */
const SHOWN_MAX = 250

/** Undefined: OpenCode proposes nothing that one could allow for longer, or a card could not show exactly what that is. */
export function allowanceOf({ permission, always = [] }: Ask): Allowance | undefined {
  if (permission === undefined || always.length === 0) return undefined
  return always.every(isPlain) && always.join('`, `').length <= SHOWN_MAX ? { permission, patterns: always } : undefined
}

/** It reads as it is: in code, in one line. */
const isPlain = (pattern: string): boolean =>
  pattern !== '' && !pattern.includes('`') && withoutDirection(stripControl(oneLine(pattern))) === pattern

export const isSameAllowance = (one: Allowance, other: Allowance): boolean =>
  one.permission === other.permission && JSON.stringify(one.patterns) === JSON.stringify(other.patterns)

export interface Covering<A extends Allowance> {
  readonly allowance: A
  readonly pattern: string
}

/**
 * By what it is covered: each thing that is asked for by one of the patterns that were allowed for this very permission. Undefined: something
 * of it is not, or nothing is asked for.
 */
export function coveringOf<A extends Allowance>(
  { permission, patterns = [] }: Pick<Ask, 'permission' | 'patterns'>,
  allowances: readonly A[],
): readonly Covering<A>[] | undefined {
  const allowed = allowances
    .filter((allowance) => allowance.permission === permission)
    .flatMap((allowance) => allowance.patterns.map((pattern) => ({ allowance, pattern })))
  const found = patterns.map((asked) => allowed.find(({ pattern }) => matches(pattern, asked)))
  const covering = found.filter((one) => one !== undefined)
  return patterns.length > 0 && covering.length === patterns.length ? [...new Set(covering)] : undefined
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

/** Which rules cover an ask, and the rule that a press makes. */
import { coveringOf, type Allowance, type StandingAllowance } from '../../../allowance.ts'
import type { Ask } from '../../../agent.ts'
import type { Moment, PressNow } from '../../feature.ts'

/** What of a rule covers an ask: the pattern, and who allowed it. */
export interface CoveringRule {
  readonly id: string
  readonly pattern: string
  readonly by: string
}

/** Without `rules`: not by those of the folder alone. */
export function coveredBy(
  ask: Pick<Ask, 'kind' | 'permission' | 'patterns'>,
  forThread: readonly Allowance[],
  { allowed }: Moment,
): { readonly kind: 'covered'; readonly rules?: readonly CoveringRule[] } | undefined {
  if (ask.kind !== 'permission') return undefined
  const covering = coveringOf(ask, allowed)
  if (!covering) return coveringOf(ask, [...forThread, ...allowed]) && { kind: 'covered' }
  return {
    kind: 'covered',
    rules: covering.map(({ allowance, pattern }) => ({ id: allowance.id, pattern, by: allowance.userName })),
  }
}

export const standing = (
  rule: Omit<StandingAllowance, 'userId' | 'userName' | 'at'>,
  { userId, userName, moment }: PressNow,
): StandingAllowance => ({ ...rule, userId, userName, at: moment.at })

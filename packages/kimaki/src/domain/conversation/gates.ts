/**
 * What the run asks the features, together, and who holds what back: the run itself and the features, asked in one place (an operator may
 * ask, too).
 */
import { sliceOf, type Feature } from './feature.ts'
import type { Features } from './run/index.ts'
import { submitIsHeld } from './run/submit.ts'
import type { Conversation } from './state.ts'

export function askedTogether(features: readonly Feature[]): Features {
  const first = <T>(state: Conversation, ask: (feature: Feature, slice: unknown) => T | undefined): T | undefined => {
    for (const feature of features) {
      const answer = ask(feature, sliceOf(state, feature))
      if (answer !== undefined) return answer
    }
    return undefined
  }
  return {
    heldBy: (gate, state) =>
      (gate === 'submit' ? submitIsHeld(state) : undefined) ??
      first(state, (feature, slice) => feature.gates?.[gate]?.(slice, state)),
    hasStopped: (state, userMessageId) =>
      first(state, (feature, slice) => feature.hasStopped?.(slice, userMessageId) || undefined) ?? false,
    isPassed: (state, userMessageId) =>
      first(state, (feature, slice) => feature.isPassed?.(slice, userMessageId) || undefined) ?? false,
    rulesOf: (state) => features.flatMap((feature) => feature.rules?.(sliceOf(state, feature)) ?? []),
    needsThread: (state) => first(state, (feature, slice) => feature.needsThread?.(slice)),
  }
}

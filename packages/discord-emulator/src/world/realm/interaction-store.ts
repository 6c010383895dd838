/**
 * The interactions of the last 15 minutes: older ones can be neither answered nor followed up, so they are forgotten when the next one
 * comes (docs: Interactions > Receiving and Responding, "Interaction tokens are valid for 15 minutes").
 */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import type { InteractionAnswer, InteractionRecord } from './records.ts'

export interface InteractionStore {
  readonly size: number
  open(interaction: InteractionRecord): void
  find(id: Snowflake): InteractionRecord | undefined
  ofToken(token: string): InteractionRecord | undefined
  answer(id: Snowflake, answer: InteractionAnswer): void
  /** A look at the interaction that outlives it here: what a person has seen does not vanish. */
  watch(interaction: InteractionRecord): () => InteractionRecord
}

export function createInteractionStore(now: () => number): InteractionStore {
  const slots = new Map<Snowflake, Slot>()
  const byToken = new Map<string, Slot>()
  const forgetOld = () => {
    for (const [id, { current }] of slots) {
      if (now() - current.createdAt < LIMITS.interactionToken) return
      slots.delete(id)
      byToken.delete(current.token)
    }
  }
  return {
    get size() {
      return slots.size
    },
    open(interaction) {
      forgetOld()
      const slot = { current: interaction }
      slots.set(interaction.id, slot)
      byToken.set(interaction.token, slot)
    },
    find: (id) => slots.get(id)?.current,
    ofToken: (token) => byToken.get(token)?.current,
    answer(id, answer) {
      const slot = slots.get(id)
      if (slot !== undefined) slot.current = { ...slot.current, answer }
    },
    watch(interaction) {
      const slot = slots.get(interaction.id) ?? { current: interaction }
      return () => slot.current
    },
  }
}

interface Slot {
  current: InteractionRecord
}

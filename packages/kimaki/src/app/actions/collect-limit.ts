/** Finds out how many tokens a model takes in; 0 when nobody can tell. */
import { isAbortError } from '../../base/errors.ts'
import type { CollectLimit, LimitReport } from '../../domain/conversation/features/told/context-limit.ts'
import { defineAction } from './definition.ts'

export const collectLimit = defineAction<CollectLimit>({
  kind: 'collect-limit',
  start({ agent, clock, log }) {
    /** Conversation and model of those that are being asked for. */
    const asking = new Set<string>()
    return (conversation, { model }) => {
      const { id, state } = conversation
      const key = `${id}/${model.provider}/${model.model}`
      if (!state || asking.has(key)) return
      asking.add(key)
      void agent
        .contextLimit(state.directory, model)
        .catch((error: unknown) => {
          if (!isAbortError(error)) log.warn('the size of a context is unknown', { error: String(error) })
          return undefined
        })
        .then((limit = 0) => {
          const report: LimitReport = { model, limit }
          conversation.push({ kind: 'report', at: clock.now(), owner: 'context-limit', report })
        })
        .finally(() => asking.delete(key))
    }
  },
})

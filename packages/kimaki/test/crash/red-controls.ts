/** One safeguard taken away each, by composition: the checker must name what is then lost or doubled. */
import type { Decorations } from '../../src/cli/compose.ts'
import type { Batch, InboxRow, StorePort } from '../../src/ports/store.ts'

/** Longer than any of these runs, so that the kill always comes before the commit. */
const LATE_MS = 120_000

export const RED_CONTROLS: Readonly<Record<string, Decorations>> = {
  /** Acts first, commits later: after a kill nothing is known of what was done. */
  'commit-after-acting': { store: (store) => ({ ...store, commit: lateCommit(store, () => ({})) }) },
  /** Moves the gateway's position and the cursors before the message is on record: Discord will not tell it again. */
  'position-before-message': {
    store: (store) => ({
      ...store,
      commit: lateCommit(store, ({ position, cursors }) => ({ ...(position && { position }), ...(cursors && { cursors }) })),
    }),
  },
  /** What waits for its turn is kept in memory alone. */
  'forgets-the-queue': {
    store: (store) => ({
      ...store,
      async load(id) {
        const loaded = await store.load(id)
        const { state } = loaded
        return state ? { ...loaded, state: { ...state, features: { ...state.features, queue: [] } } } : loaded
      },
    }),
  },
  /** A press answers the first card of its thread, whichever it stood on. */
  'answers-by-position': {
    chat(chat) {
      const first = new Map<string, string>()
      return {
        ...chat,
        async post(channelId, message, nonce) {
          const about = aboutOf(message.buttons?.[0]?.id)
          if (about !== undefined && !first.has(channelId)) first.set(channelId, about)
          return chat.post(channelId, message, nonce)
        },
        start: async (options) =>
          chat.start({
            ...options,
            onEvent(event) {
              if (event.kind !== 'pressed') return options.onEvent(event)
              const { press } = event
              const customId = press.customId.replace(aboutOf(press.customId) ?? '', first.get(press.channelId) ?? '')
              options.onEvent({ ...event, press: { ...press, customId } })
            },
          }),
      }
    },
  },
  /** No fixed nonce, and no look whether the post stands already. */
  'no-nonce-no-look-back': {
    chat: (chat) => ({
      ...chat,
      post: async (channelId, message) => chat.post(channelId, message, String(process.hrtime.bigint())),
      ownMessagesAfter: async () => [],
    }),
  },
}

/** Ask and digest in the id of a button on the card of an ask. */
const aboutOf = (customId = ''): string | undefined => /^ask-[a-z-]+:([^/]+\/[^/]+)/.exec(customId)?.[1]

/** Answers at once with rows that are not written yet; `atOnce` is the part of the batch that is. */
function lateCommit(store: StorePort, atOnce: (batch: Batch) => Batch): StorePort['commit'] {
  let order = 1_000_000
  const real = new Map<number, number>()
  return async (batch) => {
    await store.commit(atOnce(batch))
    const accepted = (batch.accept ?? []).map((acceptance): InboxRow => ({
      ...acceptance,
      order: (order += 1),
      receipt: 'not-needed',
      tries: 0,
      error: undefined,
    }))
    setTimeout(() => {
      const done = batch.done?.map((fake) => real.get(fake) ?? fake)
      void store.commit({ ...batch, ...(done && { done }) }).then((result) => {
        if (!(result instanceof Error))
          for (const [index, row] of result.entries()) real.set(accepted[index]?.order ?? -1, row.order)
      })
    }, LATE_MS).unref()
    return accepted
  }
}

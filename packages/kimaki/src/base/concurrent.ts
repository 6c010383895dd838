/**
 * The results of `work` for each item, in the order of the items; at most `limit` pieces of work are under way at once. When one throws,
 * none is begun any more, and the call rejects once those under way have ended.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  let hasFailed = false
  const worker = async (): Promise<void> => {
    try {
      for (const [index, item] of entries) {
        results[index] = await work(item)
        if (hasFailed) return
      }
    } catch (error) {
      hasFailed = true
      throw error
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: limit }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return results
}

/** Hands out each of the items once: the first one that is wanted at that moment, else the first of those that are left. */
export function wantedFirst<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): () => Item {
  const left = [...items]
  return () => {
    const [item] = left.splice(Math.max(left.findIndex(isWanted), 0), 1)
    if (item === undefined) throw new RangeError('every item has been handed out')
    return item
  }
}

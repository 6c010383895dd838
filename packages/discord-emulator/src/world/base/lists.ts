/** Lists of records. Most of a message's are empty: they share one, which makes a message 190 bytes smaller (of 610). */
const NONE: readonly never[] = Object.freeze([])

export function listOf<Item>(items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? NONE : items
}

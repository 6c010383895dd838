/** Which of some words somebody meant who mistyped one. Pure. */

/** The nearest that differs by at most a third of its letters; a swap of neighbours counts as one difference. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words.map((candidate) => ({ candidate, difference: differenceOf(word, candidate) }))
  const [best] = ranked
    .filter(({ candidate, difference }) => difference <= Math.max(1, Math.floor(candidate.length / 3)))
    .toSorted((a, b) => a.difference - b.difference)
  return best?.candidate
}

/** Optimal string alignment. */
function differenceOf(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const at = (up: number, left: number): number =>
        (up === 0 ? line : rows[row - up])?.[column - left] ?? Number.POSITIVE_INFINITY
      line.push(
        Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + (isSame ? 0 : 1), isSwap ? at(2, 2) + 1 : Number.POSITIVE_INFINITY),
      )
    }
    rows.push(line)
  }
  return rows[from.length]?.[to.length] ?? Number.POSITIVE_INFINITY
}

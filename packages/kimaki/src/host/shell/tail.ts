/**
 * The end of a long text, in memory of its own: as strings, all that passes through would lie about until the next big garbage collection
 * (measured: 200 MB of a command's output cost 200 MB).
 */
const BYTES = 2
/** So that a reader finds the beginning of a character before what it shows. */
const MARGIN = 64

export class Tail {
  readonly #kept: number
  readonly #units: Buffer
  #used = 0
  #dropped = 0

  /** Keeps at least so many UTF-16 units, and at most twice as many. */
  constructor(units: number) {
    this.#kept = units + MARGIN
    this.#units = Buffer.allocUnsafe(2 * this.#kept * BYTES)
  }

  /** UTF-16 units. */
  get length(): number {
    return this.#used / BYTES
  }

  /** How many there were before those that are left. */
  get dropped(): number {
    return this.#dropped
  }

  add(text: string): void {
    for (let at = 0; at < text.length; at += this.#kept) this.#addPiece(text.slice(at, at + this.#kept))
  }

  /** The last so many units, or all that are left. */
  last(units: number): string {
    return this.#units.toString('utf16le', Math.max(0, this.#used - units * BYTES), this.#used)
  }

  #addPiece(piece: string): void {
    if (this.#used + piece.length * BYTES > this.#units.length) {
      const from = this.#used - this.#kept * BYTES
      this.#units.copyWithin(0, from, this.#used)
      this.#dropped += from / BYTES
      this.#used -= from
    }
    this.#used += this.#units.write(piece, this.#used, 'utf16le')
  }
}

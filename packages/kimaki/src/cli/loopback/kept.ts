/** What a bot serves beside its work: begun when somebody first asks for it, and ended with the bot. */

export interface Closable {
  close(): Promise<void>
}

export class Kept {
  readonly #begun = new Map<string, Promise<Closable | Error>>()
  #isClosed = false

  /** One that could not be begun is tried again at the next call. `begin` of one name always makes the same kind of thing. */
  async once<Thing extends Closable>(name: string, begin: () => Promise<Thing | Error>): Promise<Thing | Error> {
    if (this.#isClosed) return new Error('the bot stops')
    const begun = this.#begun.get(name) ?? begin()
    this.#begun.set(name, begun)
    const thing = await begun
    if (thing instanceof Error) this.#begun.delete(name)
    return thing as Thing | Error
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const begun of this.#begun.values()) {
      const thing = await begun
      if (!(thing instanceof Error)) await thing.close()
    }
  }
}

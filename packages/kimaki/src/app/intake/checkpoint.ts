/**
 * The gateway position that is on record: where a later process asks Discord to go on. It goes on record in the commit of what its event
 * carried; the position of an event that carried nothing is written a second later, because an overlap is harmless (keys are unique).
 *
 * No position is written while live messages are held back, and none behind an event that was given up: a later process must be told
 * of these again.
 */
import type { Clock } from '../../base/clock.ts'
import type { GatewayPosition } from '../../ports/chat.ts'
import type { Batch } from '../../ports/store.ts'

const WRITE_AFTER_MS = 1000

interface CheckpointDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly write: (batch: Pick<Batch, 'position'>) => Promise<void>
  /** Are live messages held back? */
  readonly isHolding: () => boolean
}

export class Checkpoint {
  readonly #deps: CheckpointDeps
  #unwritten: GatewayPosition | undefined
  #cancelWrite: (() => void) | undefined
  #isFrozen = false

  constructor(deps: CheckpointDeps) {
    this.#deps = deps
  }

  /** An event at this position carried nothing that goes on record. */
  passed(position: GatewayPosition | undefined): void {
    if (!position || this.#isFrozen) return
    this.#unwritten = position
    if (this.#deps.isHolding()) return
    this.#cancelWrite ??= this.#deps.clock.after(WRITE_AFTER_MS, () => {
      this.#cancelWrite = undefined
      void this.write()
    })
  }

  /** The position for the commit of what its event carried; undefined when it must not be on record yet. */
  forCommit(position: GatewayPosition | undefined): GatewayPosition | undefined {
    if (!position || this.#isFrozen) return undefined
    const isHolding = this.#deps.isHolding()
    this.#unwritten = isHolding ? position : undefined
    return isHolding ? undefined : position
  }

  /** Writes what is unwritten, unless something is held back. */
  async write(): Promise<void> {
    const position = this.#unwritten
    if (!position || this.#deps.isHolding()) return
    this.#unwritten = undefined
    await this.#deps.write({ position })
  }

  /** An event was given up because the bot stops: no later position is taken any more. */
  freeze(): void {
    this.#isFrozen = true
  }

  async stop(): Promise<void> {
    this.#cancelWrite?.()
    await this.write()
  }
}

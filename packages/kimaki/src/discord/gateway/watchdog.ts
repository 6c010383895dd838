/**
 * Notices a RESUME that is never answered: the library waits for it for ever (measured: 70 s with heartbeats acknowledged). A replay
 * counts as life, however long it takes. Heartbeats without acknowledgement need nothing here: the library ends such a connection at
 * the second one.
 */
export interface Watchdog {
  /** The RESUME is on its way. */
  watch(): void
  /** Something was dispatched. */
  alive(): void
  /** Answered, or over. */
  rest(): void
}

const PATIENCE_MS = 15_000

export function createWatchdog(onSilence: () => void, patience: number = PATIENCE_MS): Watchdog {
  let timer: NodeJS.Timeout | undefined
  const rest = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    watch() {
      rest()
      timer = setTimeout(onSilence, patience)
    },
    alive() {
      timer?.refresh()
    },
    rest,
  }
}

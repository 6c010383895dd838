/** Calls `look` at once when touched, then again at most every `ms` as long as it is touched. */
export function createBeat(ms: number, look: () => void): { touch(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let touched = false
  let stopped = false

  function beat(): void {
    touched = false
    timer = setTimeout(() => {
      timer = undefined
      if (touched) beat()
    }, ms)
    look()
  }

  return {
    touch() {
      touched = true
      if (!timer && !stopped) beat()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Waiting for the world: listeners hear of changes, `until` looks again after each (no sleeping, no polling). */
export interface Changes {
  readonly changed: () => void
  readonly onChange: (listener: () => void) => () => void
  readonly until: <T>(what: string, look: () => T | undefined, timeoutMs?: number) => Promise<T>
  /** Rejects everything that still waits. */
  end(): void
}

/**
 * Listeners run in a microtask of their own, once for all changes of one synchronous action: they see the world after it, and what
 * they do cannot come between an action and its events.
 */
export function createChanges(): Changes {
  const listeners = new Set<() => void>()
  const endings = new Set<() => void>()
  let pending = false
  const onChange = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    onChange,
    changed() {
      if (pending || listeners.size === 0) return
      pending = true
      queueMicrotask(() => {
        pending = false
        for (const listener of listeners) listener()
      })
    },
    until(what, look, timeoutMs = 90_000) {
      return waitFor(look, onChange, (give) => {
        const ending = () => give(new Error(`The emulator stopped while waiting for ${what}`))
        const timer = setTimeout(() => give(new Error(`Waited ${timeoutMs} ms in vain for ${what}`)), timeoutMs)
        endings.add(ending)
        return () => {
          clearTimeout(timer)
          endings.delete(ending)
        }
      })
    },
    end() {
      for (const ending of endings) ending()
    },
  }
}

/** Settles with the first value `look` finds, with what it throws, or with the error that `limit` gives up with. */
function waitFor<T>(
  look: () => T | undefined,
  onChange: (listener: () => void) => () => void,
  limit: (give: (error: Error) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      stopListening()
      release()
      end()
    }
    const attempt = () => {
      try {
        const value = look()
        if (value !== undefined) settle(() => resolve(value))
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
    }
    const stopListening = onChange(attempt)
    const release = limit((error) => settle(() => reject(error)))
    attempt()
  })
}

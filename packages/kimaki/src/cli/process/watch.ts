/** What happens to the process of a running bot, for its log: the error it dies of, and the death of its wrapper. */
import type { Log } from '../../ports/host.ts'
import type { Wrapper } from '../wrapped.ts'

const WRAPPER_POLL_MS = 2000

/** Returns the end of it. */
export function watchProcess(log: Log, wrapper: Wrapper | undefined): () => void {
  const onUncaught = (error: unknown): void =>
    log.error('kimaki died of an error that nobody caught', { error: error instanceof Error ? error.stack : String(error) })
  process.on('uncaughtExceptionMonitor', onUncaught)
  const timer = setInterval(() => {
    if (!wrapper || wrapper.isAlive) return
    clearInterval(timer)
    log.warn(
      'the wrapper of this bot is gone: after a crash nothing starts it again. Starting kimaki once more takes over in order.',
    )
  }, WRAPPER_POLL_MS).unref()
  return () => {
    clearInterval(timer)
    process.off('uncaughtExceptionMonitor', onUncaught)
  }
}

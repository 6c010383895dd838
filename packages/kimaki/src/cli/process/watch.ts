/** What happens to the process of a running bot: the error it dies of and the death of its wrapper, for the log, and a heap that fills. */
import type { HeapSnapshots } from '../../host/process/heap-snapshots.ts'
import type { Log } from '../../ports/host.ts'
import type { Wrapper } from '../wrapped.ts'

const WRAPPER_POLL_MS = 2000
const HEAP_POLL_MS = 30_000

/** Returns the end of it. */
export function watchProcess(log: Log, wrapper: Wrapper | undefined, heap: Pick<HeapSnapshots, 'take' | 'look'>): () => void {
  const onUncaught = (error: unknown): void =>
    log.error('kimaki died of an error that nobody caught', { error: error instanceof Error ? error.stack : String(error) })
  process.on('uncaughtExceptionMonitor', onUncaught)
  // Without a listener, Node would begin to listen for a debugger.
  const onSnapshot = (): void => heap.take()
  process.on('SIGUSR1', onSnapshot)
  const heapTimer = setInterval(() => heap.look(), HEAP_POLL_MS).unref()
  const timer = setInterval(() => {
    if (!wrapper || wrapper.isAlive) return
    clearInterval(timer)
    log.warn(
      'the wrapper of this bot is gone: after a crash nothing starts it again. Starting kimaki once more takes over in order.',
    )
  }, WRAPPER_POLL_MS).unref()
  return () => {
    clearInterval(timer)
    clearInterval(heapTimer)
    process.off('SIGUSR1', onSnapshot)
    process.off('uncaughtExceptionMonitor', onUncaught)
  }
}

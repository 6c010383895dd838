/**
 * Batches that are ready together share one transaction, and so one fsync: 50 busy threads cost about as many commits as one.
 * If the shared transaction fails, each batch is tried alone, so that a bad one fails only itself. When it is the disk that fails, those
 * behind the first failure fail with it: a later batch must never be on record while an earlier one still waits.
 */
import type { DatabaseSync } from 'node:sqlite'
import { BatchRejected, StoreUnavailable } from '../base/errors.ts'
import type { Batch, Committed, InboxRow } from '../ports/store.ts'
import { isBatchAtFault } from './result-codes.ts'
import type { WriteBatch } from './write.ts'

interface Waiting {
  readonly batch: Batch
  readonly resolve: (committed: Committed) => void
}

/** `failed` hears of every error, to judge it. */
export function groupCommit(
  db: DatabaseSync,
  write: WriteBatch,
  failed: (error: unknown) => void = () => undefined,
): { commit(batch: Batch): Promise<Committed>; flush(): void } {
  let waiting: Waiting[] = []

  const transact = (group: readonly Waiting[]): readonly (readonly InboxRow[])[] => {
    if (db.isTransaction) db.exec('ROLLBACK')
    db.exec('BEGIN IMMEDIATE')
    try {
      const results = group.map(({ batch }) => write(batch))
      db.exec('COMMIT')
      return results
    } catch (error) {
      // After a full disk or an I/O error SQLite may have rolled back already.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  /** The reason, when it failed. */
  const attempt = (group: readonly Waiting[]): unknown => {
    try {
      const results = transact(group)
      for (const [index, { resolve }] of group.entries()) resolve(results[index] ?? [])
      return undefined
    } catch (error) {
      failed(error)
      return error
    }
  }

  const oneByOne = (group: readonly Waiting[]): void => {
    let broken: unknown
    for (const waiting of group) {
      const error = broken ?? attempt([waiting])
      if (error === undefined) continue
      const isRejected = isBatchAtFault(error)
      if (!isRejected) broken = error
      const reason = error instanceof Error ? error.message : 'unknown'
      waiting.resolve(isRejected ? new BatchRejected({ reason }) : new StoreUnavailable({ reason }))
    }
  }

  const flush = (): void => {
    const group = waiting
    waiting = []
    if (group.length > 0 && attempt(group) !== undefined) oneByOne(group)
  }

  return {
    commit: (batch) =>
      new Promise((resolve) => {
        if (waiting.push({ batch, resolve }) === 1) setImmediate(flush)
      }),
    flush,
  }
}

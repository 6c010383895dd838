/** What people have allowed for folders, read back. */
import type { DatabaseSync } from 'node:sqlite'
import type { StandingAllowance } from '../domain/allowance.ts'

/** A row that cannot be read allows nothing. */
export function prepareAllowances(db: DatabaseSync): () => Promise<readonly StandingAllowance[]> {
  const all = db.prepare(`SELECT * FROM allowance ORDER BY at, rowid`)
  return async () => (all.all() as unknown as readonly Row[]).flatMap(toAllowance)
}

type Row = Readonly<Record<'id' | 'directory' | 'permission' | 'patterns' | 'user' | 'name' | 'conversation' | 'at', string>>

function toAllowance({ patterns, user, name, at, ...row }: Row): readonly StandingAllowance[] {
  const read = textsIn(patterns)
  return read ? [{ ...row, patterns: read, userId: user, userName: name, at: Date.parse(at) }] : []
}

function textsIn(json: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

/** Before all tests: a folder for what the workers share, and the programs they start. After them: nothing of it is left running. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endLent, SHARED_FOLDER } from './lent-opencode.ts'
import { preparePrograms } from './programs.ts'

export default async function setUp(): Promise<() => void> {
  const shared = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-tests-')))
  process.env[SHARED_FOLDER] = shared
  await preparePrograms()
  return () => {
    endLent(shared)
    rmSync(shared, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Our own files on a disk of 8 MB: what does not fit is removed, and the database keeps room. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFiles } from '../../src/host/files.ts'
import { LIMITS } from '../../src/host/shell/limits.ts'
import { OverflowFile } from '../../src/host/shell/overflow-file.ts'
import { logInto } from '../app/support/harness.ts'
import { ownDisk, type OwnDisk } from '../support/own-disk.ts'

let folder: string
let disk: OwnDisk
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-disk-'))
  disk = ownDisk(folder)
})
afterEach(() => {
  disk.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Where nobody may mount, the folder lies on a large disk, and nothing of this can be seen. */
const isSmall = (): boolean => statfsSync(folder).blocks * statfsSync(folder).bsize < 16_000_000
const free = (): number => statfsSync(folder).bavail * statfsSync(folder).bsize
const MEGABYTE = 'x'.repeat(1_000_000)
const log = logInto([])

describe('a full disk', () => {
  test('an output that does not fit is removed, leaves room, and the next one is tried anew', () => {
    if (!isSmall()) return
    const deps = { folder, log, limits: LIMITS }
    const file = OverflowFile.begin('endless', MEGABYTE, deps)
    for (let at = 0; at < 20; at += 1) file.add(MEGABYTE)
    expect(file.state()).toEqual({ file: undefined, complete: false })
    expect(readdirSync(folder)).toEqual([])
    file.close()
    const next = OverflowFile.begin('next', MEGABYTE, deps)
    next.close()
    expect(next.state()).toEqual({ file: join(folder, 'next.log'), complete: true })
  })

  test('the output of a command that runs is not deleted for another', () => {
    const deps = { folder, log, limits: { ...LIMITS, files: 1, fileBytes: 1000 } }
    const first = OverflowFile.begin('first', 'one', deps)
    OverflowFile.begin('second', 'two', deps).close()
    expect(readdirSync(folder).toSorted()).toEqual(['first.log', 'second.log'])
    first.close()
  })

  test('attachments leave a tenth of a small disk to the database', async () => {
    if (!isSmall()) return
    const files = createFiles(folder, log)
    for (let at = 0; at < 12; at += 1) await files.saveAttachment('1', `file-${at}`, new Uint8Array(1_000_000))
    expect(free()).toBeGreaterThanOrEqual(800_000)
    expect(await files.saveAttachment('1', 'too large', new Uint8Array(9_000_000))).toBeUndefined()
  })

  test('an attachment is saved again once there is room', async () => {
    if (!isSmall()) return
    const files = createFiles(folder, log)
    const kept = await files.saveAttachment('2', 'kept', new Uint8Array(10))
    const mend = disk.fill(process.pid)
    expect(await files.saveAttachment('1', 'file', new Uint8Array(10_000))).toBeUndefined()
    mend()
    // What others took of the disk costs nobody a file.
    expect(readFileSync(kept ?? '')).toHaveLength(10)
    expect(await files.saveAttachment('1', 'file', new Uint8Array(10_000))).toBe(join(folder, 'attachments/1/file'))
  })
})

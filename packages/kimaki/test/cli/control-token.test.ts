/** The secret between the bot and the commands beside it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controlToken } from '../../src/cli/control/token.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kimaki-token-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('is made once, private, and the same for everyone after', () => {
  const token = controlToken(folder)
  expect(token.length).toBeGreaterThanOrEqual(32)
  expect(controlToken(folder)).toBe(token)
  expect((statSync(join(folder, 'control-token')).mode & 0o777).toString(8)).toBe('600')
})

test('is made anew when a crash has left it empty', () => {
  writeFileSync(join(folder, 'control-token'), '')
  const token = controlToken(folder)
  expect(token).not.toBe('')
  expect(readFileSync(join(folder, 'control-token'), 'utf8')).toBe(token)
})

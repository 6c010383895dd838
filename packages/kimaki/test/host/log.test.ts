/** The log tells everything but secrets, and never ends the bot. */
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../../src/host/log.ts'

let folder: string
let shown: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-log-'))
  shown = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((shown += String(text)), true))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const kept = (): string => readFileSync(join(folder, 'kimaki.log'), 'utf8')

test('each event is one line of JSON in a private file, and one readable line on stderr', () => {
  const log = createLog(folder, [])
  log.info('started', { pid: 1 })
  log.error('failed', { reason: 'because' })
  const lines = kept()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toMatchObject([
    { level: 'info', msg: 'started', pid: 1 },
    { level: 'error', msg: 'failed', reason: 'because' },
  ])
  expect(shown).toMatch(/^\d\d:\d\d:\d\d info {2}started {2}pid=1\n\d\d:\d\d:\d\d error failed {2}reason=because\n$/)
  expect((statSync(join(folder, 'kimaki.log')).mode & 0o777).toString(8)).toBe('600')
})

test('neither place has a secret', () => {
  createLog(folder, ['a-secret-of-ours']).warn('a-secret-of-ours in the text', { nested: { deep: ['x a-secret-of-ours'] } })
  expect(kept() + shown).not.toContain('a-secret-of-ours')
})

test('nothing from outside can write a line of its own or move the cursor of a terminal', () => {
  const esc = String.fromCodePoint(27)
  createLog(folder, []).info('said', { text: `one\n00:00:00 info  forged\r${esc}[2J${esc}]0;title\u0007` })
  expect(shown.split('\n')).toHaveLength(2)
  expect(shown).not.toContain(esc)
  expect(kept()).not.toContain(esc)
})

test('every start begins the file anew', () => {
  createLog(folder, []).info('first')
  createLog(folder, []).info('second')
  expect(kept()).not.toContain('first')
})

test('a full disk costs lines, not the bot', () => {
  symlinkSync('/dev/full', join(folder, 'kimaki.log'))
  const log = createLog(folder, [])
  for (let line = 0; line < 3; line += 1) log.error('cannot write to the database')
  expect(shown.match(/cannot write/g)).toHaveLength(3)
})

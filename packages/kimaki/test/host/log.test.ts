/** The log tells everything but secrets, and never ends the bot. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Secrets } from '../../src/base/redact.ts'
import { LOG_BYTES, openLogFile } from '../../src/host/log-file.ts'
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
  const log = createLog(folder, new Secrets())
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
  createLog(folder, new Secrets(['a-secret-of-ours'])).warn('a-secret-of-ours in the text', {
    nested: { deep: ['x a-secret-of-ours'] },
  })
  expect(kept() + shown).not.toContain('a-secret-of-ours')
})

test('nothing from outside can write a line of its own or move the cursor of a terminal', () => {
  const esc = String.fromCodePoint(27)
  createLog(folder, new Secrets()).info('said', { text: `one\n00:00:00 info  forged\r${esc}[2J${esc}]0;title\u0007` })
  expect(shown.split('\n')).toHaveLength(2)
  expect(shown).not.toContain(esc)
  expect(kept()).not.toContain(esc)
})

describe('V35: what a terminal would obey reaches neither file nor stderr', () => {
  test.each([
    ['an escape', '\u001B[31mred'],
    ['an escape that ends nowhere', '\u001B]0;title'],
    ['an escape of one byte (C1)', '\u009B31mred'],
    ['another C1', '\u0085\u0090'],
    ['DEL', '\u007F'],
    ['a NUL and a bell', '\u0000\u0007'],
    ['what turns the direction', '\u202Eevil\u202C \u2066x\u2069 \u200E\u200F\u061C'],
    ['what some take for the end of a line', '\u2028\u2029'],
  ])('%s', (_what, text) => {
    createLog(folder, new Secrets()).warn(`said ${text}`, { text, nested: { [text]: [text] } })
    for (const written of [kept(), shown]) {
      expect(written.replace(/\n$/, '')).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u)
    }
    for (const written of Object.values(JSON.parse(kept()) as object).slice(0, 4))
      expect(String(written)).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u)
  })

  test('a secret with a control character in its midst is none', () => {
    createLog(folder, new Secrets(['a-secret-of-ours-4711'])).warn(
      'a-secret\u0000-of-ours-4711 and \u202Aa-secret-of\u202C-ours-4711',
    )
    expect(kept() + shown).not.toContain('secret-of-ours')
  })
})

test('every start goes on in the same file, so that the words of a crash are still there', () => {
  createLog(folder, new Secrets()).error('crashed', { error: 'because' })
  createLog(folder, new Secrets()).info('started')
  expect(kept().trimEnd().split('\n')).toHaveLength(2)
  expect(kept()).toContain('because')
})

test('a full disk costs lines, not the bot', () => {
  symlinkSync('/dev/full', join(folder, 'kimaki.log'))
  const log = createLog(folder, new Secrets())
  for (let line = 0; line < 3; line += 1) log.error('cannot write to the database')
  expect(shown.match(/cannot write/g)).toHaveLength(3)
})

describe('a file that grows', () => {
  const path = (): string => join(folder, 'some.log')
  const lines = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

  test('is put aside when it is full, one older is kept, and no line is cut or lost between them', () => {
    const file = openLogFile(path(), 1000)
    for (let line = 0; line < 95; line += 1) file.write(`line number ${String(line).padStart(6, '0')}\n`)
    expect(readdirSync(folder).toSorted()).toEqual(['some.log', 'some.log.1'])
    for (const one of ['some.log', 'some.log.1']) expect(statSync(join(folder, one)).size).toBeLessThanOrEqual(1000)
    const newest = [...lines(`${path()}.1`), ...lines(path())].map((line) => Number(line.slice(-6)))
    expect(newest.at(-1)).toBe(94)
    expect(newest).toEqual(newest.map((_, index) => (newest[0] ?? 0) + index))
    expect((statSync(path()).mode & 0o777).toString(8)).toBe('600')
  })

  test('counts what an earlier start has written', () => {
    writeFileSync(path(), 'x'.repeat(990) + '\n')
    openLogFile(path(), 1000).write('a line of this start\n')
    expect(lines(path())).toEqual(['a line of this start'])
  })

  test('takes a line that is longer than all of it', () => {
    const file = openLogFile(path(), 100)
    for (const length of [10, 500, 10]) file.write(`${'x'.repeat(length)}\n`)
    expect(lines(path())).toEqual(['x'.repeat(10)])
    expect(lines(`${path()}.1`)).toEqual(['x'.repeat(500)])
  })

  test('is what the log is written to: more than twice the bound is never there', () => {
    const log = createLog(folder, new Secrets())
    const text = 'x'.repeat(100_000)
    for (let line = 0; line < 120; line += 1) log.info('long', { line, text })
    const sizes = ['kimaki.log', 'kimaki.log.1'].map((name) => statSync(join(folder, name)).size)
    for (const size of sizes) expect(size).toBeLessThanOrEqual(LOG_BYTES)
    expect(kept()).toContain('"line":119')
  })
})

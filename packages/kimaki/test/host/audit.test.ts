/** The audit file: append-only, private, no link followed, without secrets, and bounded. */
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuditUnavailable } from '../../src/base/errors.ts'
import { Secrets } from '../../src/base/redact.ts'
import type { AuditEntry } from '../../src/domain/conversation/features/asks/audit.ts'
import { createAudit } from '../../src/host/audit.ts'
import { logInto } from '../app/support/harness.ts'

let dataDir: string
let path: string
const logged: string[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-audit-'))
  path = join(dataDir, 'audit.jsonl')
  logged.length = 0
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const audit = (maxBytes?: number, secrets = new Secrets()) =>
  createAudit({ dataDir, secrets, log: logInto(logged), ...(maxBytes !== undefined && { maxBytes }) })
const entry = (key: string, title = 'bash: date'): AuditEntry => ({
  key,
  at: 1_800_000_000_000,
  what: 'asked',
  conversation: '1',
  ask: { id: 'per_1', kind: 'permission', session: 'ses_1', title },
})
const read = (file = path): readonly AuditEntry[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry)
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8)

test('each line is one of JSON, in the order of the calls, behind those of an earlier process; only its user may read it', async () => {
  await audit().write(entry('a'))
  chmodSync(path, 0o644)
  const later = audit()
  await Promise.all([later.write(entry('b')), later.write(entry('c'))])
  expect(read().map(({ key }) => key)).toEqual(['a', 'b', 'c'])
  expect(read()[0]).toEqual({ ...entry('a'), at: '2027-01-15T08:00:00.000Z' })
  expect(modeOf(path)).toBe('600')
})

test('secrets, what only looks like one, and control characters are not written; long texts are cut', async () => {
  const secrets = new Secrets()
  secrets.add('correct horse battery')
  await audit(undefined, secrets).write(
    entry('a', `curl -u correct horse battery ghp_${'a1'.repeat(20)} \u001b[31m\u202e${'x'.repeat(9000)}`),
  )
  const text = readFileSync(path, 'utf8')
  for (const part of ['correct horse', 'ghp_a1', '\u001b', '\u202e']) expect(text).not.toContain(part)
  expect(text.length).toBeLessThan(4500)
})

test('a line that another has torn begins anew, so that only the torn one is lost', async () => {
  writeFileSync(path, '{"key":"torn')
  await audit().write(entry('a'))
  expect(readFileSync(path, 'utf8').split('\n')).toEqual(['{"key":"torn', expect.stringContaining('"key":"a"') as string, ''])
})

test.each<[string, () => void]>([
  [
    'a link to a file elsewhere',
    () => (writeFileSync(join(dataDir, 'other'), 'theirs'), symlinkSync(join(dataDir, 'other'), path)),
  ],
  ['a folder', () => mkdirSync(path)],
])('%s is not written through: the operator is told once, and later lines come once it is away', async (_what, plant) => {
  plant()
  const file = audit()
  expect(await file.write(entry('a'))).toBeInstanceOf(AuditUnavailable)
  expect(await file.write(entry('a'))).toBeInstanceOf(AuditUnavailable)
  expect(logged).toHaveLength(1)
  rmSync(path, { recursive: true })
  expect(await file.write(entry('a'))).toBeUndefined()
  expect(read()).toHaveLength(1)
})

test('it is bounded: a full file moves away, and four older ones are kept', async () => {
  const file = audit(300)
  for (let n = 0; n < 20; n += 1) await file.write(entry(`line ${n}`))
  const files = readdirSync(dataDir).toSorted()
  expect(files).toEqual(['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2', 'audit.jsonl.3', 'audit.jsonl.4'])
  for (const name of files) expect(statSync(join(dataDir, name)).size).toBeLessThanOrEqual(300)
  const kept = files.toReversed().flatMap((name) => read(join(dataDir, name)))
  expect(kept.at(-1)?.key).toBe('line 19')
  expect(kept.map(({ key }) => Number(key.slice(5)))).toEqual(kept.map((_, n) => 20 - kept.length + n))
})

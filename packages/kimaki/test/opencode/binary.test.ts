import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { findBinary, packageNames } from '../../src/opencode/process/binary.ts'

test.each([
  [{ os: 'linux', arch: 'x64', baseline: false, musl: false }, 'opencode-linux-x64'],
  [{ os: 'linux', arch: 'x64', baseline: true, musl: false }, 'opencode-linux-x64-baseline'],
  [{ os: 'linux', arch: 'x64', baseline: true, musl: true }, 'opencode-linux-x64-baseline-musl'],
  [{ os: 'linux', arch: 'arm64', baseline: false, musl: true }, 'opencode-linux-arm64-musl'],
  [{ os: 'darwin', arch: 'arm64', baseline: false, musl: false }, 'opencode-darwin-arm64'],
  [{ os: 'win32', arch: 'x64', baseline: false, musl: false }, 'opencode-windows-x64'],
])('%o takes %s', (platform, first) => {
  expect(packageNames(platform)[0]).toBe(first)
})

test('the pinned program is found, and it is no script', () => {
  expect(findBinary(undefined)).toMatch(/opencode-\w+-\w+(-\w+)*[\\/]bin[\\/]opencode/)
})

test('a chosen program must be there, absolute and executable', () => {
  const dir = mkdtempSync(join(tmpdir(), 'binary-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'opencode')
  expect(findBinary(path)).toEqual(new AgentUnavailable({ reason: `OPENCODE_PATH names no program: ${path}` }))
  writeFileSync(path, '#!/bin/sh\n')
  expect(findBinary(path)).toBeInstanceOf(AgentUnavailable)
  chmodSync(path, 0o755)
  expect(findBinary(path)).toBe(path)
  expect(findBinary('opencode')).toMatchObject({ reason: expect.stringContaining('absolute') })
})

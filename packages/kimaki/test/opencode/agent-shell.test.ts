/** The shell that OpenCode gives its agent. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentShell, PASSWORD } from '../../src/opencode/secrets/agent-shell.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "kimaki's shell-"))))
afterEach(() => rmSync(folder, { recursive: true }))

const PATH = process.env['PATH'] ?? ''
const run = (shell: string | undefined, own: string | undefined, ...args: readonly string[]): string =>
  execFileSync(shell ?? '', args, {
    env: { PATH, [PASSWORD]: 'the-password', SHELL: shell, KEPT: own ?? 'none' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

describe("V20: the agent's shell has no password of its server", () => {
  test.each(['/bin/sh', undefined, '/usr/bin/fish', '/no/such/shell', 'sh'])('where the user has the shell %s', (own) => {
    const { SHELL } = agentShell(folder, { PATH, ...(own !== undefined && { SHELL: own }) })
    const said = run(SHELL, own, '-c', 'env; printf "%s|" "$0" "$@"', 'name', 'two words', '')
    expect(said).not.toContain('the-password')
    expect(said).not.toContain(PASSWORD)
    expect(said).toMatch(/name\|two words\|\|$/)
    expect(said.match(/^SHELL=(.*)$/m)?.[1]).toBe(own)
  })

  test('OpenCode knows it by the name of the shell, and it is ours alone', () => {
    const { SHELL = '' } = agentShell(folder, { PATH, SHELL: '/bin/sh' })
    expect(basename(SHELL)).toBe('sh')
    expect(statSync(SHELL).mode & 0o777).toBe(0o700)
  })

  test('a script that somebody changed is written again', () => {
    const { SHELL = '' } = agentShell(folder, { PATH, SHELL: '/bin/sh' })
    const text = readFileSync(SHELL, 'utf8')
    writeFileSync(SHELL, 'exit 1')
    chmodSync(SHELL, 0o600)
    expect(agentShell(folder, { PATH, SHELL: '/bin/sh' })).toEqual({ SHELL })
    expect(readFileSync(SHELL, 'utf8')).toBe(text)
  })

  test('where it cannot be written, the agent keeps the shell it would have had', () => {
    writeFileSync(join(folder, 'agent-shell'), 'no folder')
    expect(agentShell(folder, { PATH, SHELL: '/bin/sh' })).toEqual({})
  })
})

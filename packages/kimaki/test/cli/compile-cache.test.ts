/** Where V8's compiled code is kept. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheFolder } from '../../src/cli/compile-cache.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kimaki-cache-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** What a program prints that uses the cache and then loads a module. */
function start(env: Readonly<Record<string, string>>): Promise<string> {
  const program = new URL('fixtures/cached-program.ts', import.meta.url)
  return new Promise((resolve) => {
    execFile(process.execPath, [program.pathname], { env }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

test("is in the user's cache folder: XDG_CACHE_HOME where it is absolute, else the system's", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/kimaki')
  expect(cacheFolder({ XDG_CACHE_HOME: 'c' }, 'linux')).toBe(join(homedir(), '.cache/kimaki'))
  expect(cacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library/Caches/kimaki'))
})

test('is written when it is saved, also by a process that is killed then', async () => {
  expect(await start({ XDG_CACHE_HOME: folder, THEN: 'die' })).toBe('loaded\n')
  expect(readdirSync(join(folder, 'kimaki'), { recursive: true }).length).toBeGreaterThan(1)
})

test('does not matter when its folder cannot be made', async () => {
  writeFileSync(join(folder, 'file'), '')
  expect(await start({ XDG_CACHE_HOME: join(folder, 'file') })).toBe('loaded\n')
})

test("is where Node's own variable says, or nowhere", async () => {
  const elsewhere = join(folder, 'elsewhere')
  expect(await start({ XDG_CACHE_HOME: folder, NODE_COMPILE_CACHE: elsewhere })).toBe('loaded\n')
  expect(existsSync(elsewhere)).toBe(true)
  expect(await start({ XDG_CACHE_HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('loaded\n')
  expect(existsSync(join(folder, 'kimaki'))).toBe(false)
})

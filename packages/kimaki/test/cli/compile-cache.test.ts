/** Where V8's compiled code is kept. */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder, isOwnFolder } from '../../src/cli/compile-cache.ts'

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

describe('V36: a cache folder that was there', () => {
  const planted = (): string => join(folder, 'kimaki', 'planted')
  const made = (mode: number): void => {
    mkdirSync(join(folder, 'kimaki'))
    writeFileSync(planted(), '')
    chmodSync(join(folder, 'kimaki'), mode)
  }
  const mode = (): string => (statSync(join(folder, 'kimaki')).mode & 0o777).toString(8)

  test.each([
    [0o777, 'begins anew', false],
    [0o775, 'begins anew', false],
    [0o755, 'is kept', true],
  ])('with %o is closed, and what stands in it %s', (open, _, kept) => {
    made(open)
    expect(isOwnFolder(join(folder, 'kimaki'))).toBe(true)
    expect(mode()).toBe('700')
    expect(existsSync(planted())).toBe(kept)
  })

  test('that is a link is not used, and stays as it is', () => {
    mkdirSync(join(folder, 'elsewhere'))
    chmodSync(join(folder, 'elsewhere'), 0o777)
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'kimaki'))
    expect(isOwnFolder(join(folder, 'kimaki'))).toBe(false)
    expect(mode()).toBe('777')
  })

  test('of another user is not used', async () => {
    // Only root can give a folder away; everybody else finds one of root.
    const mine = process.geteuid?.() === 0
    if (mine) made(0o777)
    if (mine) chownSync(join(folder, 'kimaki'), 65_534, 65_534)
    else symlinkSync('/usr', join(folder, 'kimaki'))
    expect(await start({ XDG_CACHE_HOME: folder })).toBe('loaded\n')
    expect(readdirSync(join(folder, 'kimaki'), { recursive: true })).toEqual(mine ? ['planted'] : expect.anything())
  })
})

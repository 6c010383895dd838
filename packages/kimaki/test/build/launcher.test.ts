import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { olderNode } from './older-node.ts'

let folder: string
let bin: string

/** A package whose source and bundle only say which they are. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-launcher-'))
  bin = join(folder, 'bin', 'kimaki.cjs')
  for (const path of ['bin', 'dist', 'src/cli']) mkdirSync(join(folder, path), { recursive: true })
  copyFileSync(join(import.meta.dirname, '../../bin/kimaki.cjs'), bin)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'src/cli/entry.ts'), `const which: string = 'source'\nconsole.log(which, process.argv[2])\n`)
})

afterAll(() => rmSync(folder, { recursive: true }))

function launch(node: string): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(node, [bin, 'hello'], (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }))
  })
}

test('without a bundle the source runs, with one the bundle', async () => {
  expect(await launch(process.execPath)).toEqual({ code: 0, stdout: 'source hello\n', stderr: '' })
  writeFileSync(join(folder, 'dist/entry.js'), `console.log('bundle', process.argv[2])\n`)
  expect(await launch(process.execPath)).toEqual({ code: 0, stdout: 'bundle hello\n', stderr: '' })
})

test('after an edit of the source, the edit runs, and not the old bundle', async () => {
  const source = join(folder, 'src/cli/entry.ts')
  const soon = new Date(Date.now() + 5000)
  utimesSync(source, soon, soon)
  expect((await launch(process.execPath)).stdout).toBe('source hello\n')
  const later = new Date(Date.now() + 9000)
  utimesSync(join(folder, 'dist/entry.js'), later, later)
  expect((await launch(process.execPath)).stdout).toBe('bundle hello\n')
  // A file that is gone leaves its folder newer.
  const latest = new Date(Date.now() + 12_000)
  utimesSync(join(folder, 'src/cli'), latest, latest)
  expect((await launch(process.execPath)).stdout).toBe('source hello\n')
})

test('after a change of how it is built, the source runs', async () => {
  const latest = new Date(Date.now() + 20_000)
  utimesSync(join(folder, 'dist/entry.js'), latest, latest)
  expect((await launch(process.execPath)).stdout).toBe('bundle hello\n')
  const settings = join(folder, 'vite.config.ts')
  writeFileSync(settings, '')
  utimesSync(settings, new Date(), new Date(Date.now() + 30_000))
  expect((await launch(process.execPath)).stdout).toBe('source hello\n')
})

test('a package is never made without its bundle, and says what it is', () => {
  const { files, scripts, dependencies, keywords } = packageJson
  expect(files).toContain('dist')
  expect(scripts.prepack).toBe('npm run build')
  // All else is bundled. OpenCode is a program of its own, for each system another.
  expect(Object.keys(dependencies)).toEqual(['opencode-ai'])
  expect(keywords).toContain('discord')
})

test('the licence goes with the package', () => {
  const licence = (folder: string): string => readFileSync(join(import.meta.dirname, folder, 'LICENSE'), 'utf8')
  expect(licence('../..')).toBe(licence('../../../..'))
})

test('an older Node is told in one sentence what is needed', async (context) => {
  const older = olderNode()
  if (older === undefined) return context.skip('no Node below 24 on this machine')
  const { code, stdout, stderr } = await launch(older)
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  expect(stderr).toMatch(/^kimaki: Node 24 or newer is needed, this is v\d+\.[^\n]*\n$/)
})

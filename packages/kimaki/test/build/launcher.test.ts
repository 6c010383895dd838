import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('an older Node is told in one sentence what is needed', async (context) => {
  const older = olderNode()
  if (older === undefined) return context.skip('no Node below 24 on this machine')
  const { code, stdout, stderr } = await launch(older)
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  expect(stderr).toMatch(/^kimaki: Node 24 or newer is needed, this is v\d+\.[^\n]*\n$/)
})

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSampleProject } from '../../src/machine/sample-project.ts'

const run = promisify(execFile)
let dir = ''
let project = ''

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sample-project-'))
  project = await createSampleProject(dir)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

it('is a clean git repository with one commit', async () => {
  const { stdout: log } = await run('git', ['log', '--format=%an %s', 'main'], { cwd: project })
  expect(log).toBe('Ada A timer for tea\n')
  const { stdout: changes } = await run('git', ['status', '--porcelain'], { cwd: project })
  expect(changes).toBe('')
})

it('has tests that pass', async () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = await run(process.execPath, ['--test'], { cwd: project, env })
  expect(stdout).toMatch(/^\S+ pass 3$/m)
  expect(stdout).toMatch(/^\S+ fail 0$/m)
})

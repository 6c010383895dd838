/** An OpenCode that ends as soon as it is started: how often it is tried. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { createAgent } from '../../src/opencode/agent.ts'
import { createFolders } from '../../src/host/folders.ts'
import { createMemory } from './fixtures/memory.ts'

/** Runs an OpenCode that notes each start (Unix ms) and ends; resolves with the notes after so many failed calls. */
async function starts(calls: number): Promise<readonly number[]> {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-loop-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  const notes = join(dir, 'notes')
  const binary = join(dir, 'opencode')
  writeFileSync(binary, `#!/bin/sh\ndate +%s%3N >> ${notes}\necho 'Error: no luck'\nexit 1\n`)
  chmodSync(binary, 0o755)
  mkdirSync(join(dir, 'project'))
  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const facts = {
    log,
    memory: createMemory(),
    environment: {},
    dataDir: join(dir, 'kimaki'),
    folders: createFolders(),
    servers: 2,
  }
  const agent = createAgent({ ...facts, binary })
  for (let call = 0; call < calls; call += 1) {
    const failure = new AgentUnavailable({ reason: 'OpenCode ended at its start: Error: no luck' })
    expect(await agent.openSession(join(dir, 'project'), 'mark', false)).toEqual(failure)
  }
  await agent.stop('end')
  return readFileSync(notes, 'utf8').trim().split('\n').map(Number)
}

test('V3: each try is two starts, and the tries are 1 s and then 2 s apart', async () => {
  const at = await starts(3)
  expect(at).toHaveLength(6)
  const [, first = 0, second = 0, third = 0, fourth = 0] = at
  expect(second - first).toBeGreaterThanOrEqual(950)
  expect(fourth - third).toBeGreaterThanOrEqual(1950)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { allFromPs, allProcesses, childrenOf, gone, groups, identify, signalGroup } from '../../src/opencode/process/process.ts'
import { until } from './fixtures/world.ts'
import { signalToGroup } from '../support/pids.ts'

/** A process whose name tries to look like other fields of its status line. */
async function child() {
  const dir = mkdtempSync(join(tmpdir(), 'process-'))
  const program = join(dir, 'a) Z (b')
  symlinkSync(process.execPath, program)
  const spawned = spawn(program, ['-e', 'setInterval(() => {}, 1000)', 'my argument'], { detached: true })
  onTestFinished(() => {
    spawned.kill('SIGKILL')
    rmSync(dir, { recursive: true })
  })
  const pid = spawned.pid ?? 0
  await until('its command line', () => identify(pid)?.command.includes('my argument'))
  return { pid, spawned }
}

test('a process is known by its start, which stays the same', async () => {
  const { pid } = await child()
  const known = identify(pid)
  expect(known?.startTicks).toMatch(/\d/)
  expect(identify(pid)).toEqual(known)
  expect(identify(process.pid)?.startTicks).not.toBe(known?.startTicks)
})

test('only the process that is meant is signalled', async () => {
  const { pid, spawned } = await child()
  const { startTicks } = identify(pid) ?? { startTicks: '' }
  signalGroup(pid, `${startTicks}1`, 'SIGKILL')
  expect(await gone(pid, startTicks, 50)).toBe(false)
  const exited = once(spawned, 'exit')
  signalGroup(pid, startTicks, 'SIGTERM')
  expect(await gone(pid, startTicks, 5_000)).toBe(true)
  await exited
  expect(identify(pid)).toBeUndefined()
})

test('a group has its processes and nobody else', async () => {
  const spawned = spawn('/bin/sh', ['-c', 'sleep 60 & exec sleep 60'], { detached: true })
  const group = spawned.pid ?? 0
  onTestFinished(() => void signalToGroup(group, 'SIGKILL'))
  const members = () => groups().get(group) ?? []
  const found = await until('both', () => members().length === 2 && members())
  expect(found.map(({ pid }) => pid)).toContain(group)
  for (const { pid, startTicks, dead } of found)
    expect({ dead, startTicks }).toEqual({ dead: false, startTicks: identify(pid)?.startTicks })
})

test('a process has its children and nobody else’s, and `ps` tells the same of it', async () => {
  const spawned = spawn('/bin/sh', ['-c', 'sleep 60 & sleep 61 & wait'], { detached: true })
  const pid = spawned.pid ?? 0
  onTestFinished(() => void signalToGroup(pid, 'SIGKILL'))
  const found = await until('both', () => childrenOf(pid).length === 2 && childrenOf(pid))
  const rows = allProcesses().filter(({ parent }) => parent === pid)
  expect(rows.map((row) => ({ pid: row.pid, startTicks: row.startTicks }))).toEqual(found)
  expect(rows[0]).toMatchObject({ group: pid, session: pid, dead: false })
  expect(childrenOf(found[0]?.pid ?? 0)).toEqual([])
  const told = allFromPs().filter(({ parent }) => parent === pid)
  expect(told.map(({ startTicks: _, ...row }) => row)).toEqual(rows.map(({ startTicks: _, ...row }) => row))
})

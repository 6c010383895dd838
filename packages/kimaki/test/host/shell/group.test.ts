import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { ProcessGroup } from '../../../src/host/shell/group.ts'
import { LIMITS } from '../../../src/host/shell/limits.ts'
import { identify, members } from '../../../src/opencode/process/process.ts'
import { until } from '../fixtures/shell-world.ts'
import { signalToGroup } from '../../support/pids.ts'

const deps = { processes: { identify, members }, limits: LIMITS }

test('G2: the dead that nobody collects are no life', async () => {
  // `sleep` inherits a child that it knows nothing of; the child ends only then.
  const child = `setsid sh -c 'until grep -q sleep /proc/$PPID/comm; do :; done'`
  const parent = spawn('/bin/sh', ['-c', `${child} & echo $!; exec sleep 60`], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  let said = ''
  parent.stdout.on('data', (data) => (said += String(data)))
  const pid = await until('the dead', () => {
    const found = said === '' ? [] : members(Number(said))
    return found.length > 0 && found.every(({ dead }) => dead) && Number(said)
  })
  // The red control: for signals the group is still there.
  expect(signalToGroup(pid, 0)).toBe(true)
  const group = new ProcessGroup(pid, deps)
  expect(group.isAlive).toBe(false)
  expect(group.living()).toEqual([])
  expect(await group.end()).toBe(true)
})

test('G1: a number that was seen empty is never signalled again', async () => {
  const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const pid = stranger.pid ?? 0
  onTestFinished(() => void stranger.kill('SIGKILL'))
  let empty = true
  const seen = { identify, members: (group: number) => (empty ? [{ pid: group, startTicks: '1', dead: true }] : members(group)) }
  const group = new ProcessGroup(pid, { ...deps, processes: seen })
  expect(group.isAlive).toBe(false)
  // Its number goes to a stranger.
  empty = false
  await group.end()
  expect(new ProcessGroup(pid, deps).living()).toEqual([{ pid, startTicks: identify(pid)?.startTicks, dead: false }])
})

import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { ProcessGroup } from '../../../src/host/shell/group.ts'
import { LIMITS } from '../../../src/host/shell/limits.ts'
import { GroupLooks } from '../../../src/host/shell/looks.ts'
import { groups, identify } from '../../../src/opencode/process/process.ts'
import { until } from '../fixtures/shell-world.ts'
import { signalToGroup } from '../../support/pids.ts'

const fresh = () => ({ looks: new GroupLooks({ groups }), limits: LIMITS })
const members = (group: number) => groups().get(group) ?? []

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
  const group = new ProcessGroup(pid, fresh())
  expect(group.isAlive).toBe(false)
  expect(group.living()).toEqual([])
  expect(await group.end()).toBe(true)
})

test('G1: a number that was seen empty is never signalled again', async () => {
  const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const pid = stranger.pid ?? 0
  onTestFinished(() => void stranger.kill('SIGKILL'))
  let empty = true
  const seen = { groups: () => (empty ? new Map([[pid, [{ pid, startTicks: '1', dead: true }]]]) : groups()) }
  const group = new ProcessGroup(pid, { ...fresh(), looks: new GroupLooks(seen) })
  expect(group.isAlive).toBe(false)
  // Its number goes to a stranger.
  empty = false
  await group.end()
  expect(new ProcessGroup(pid, fresh()).living()).toMatchObject([{ pid, startTicks: identify(pid)?.startTicks, dead: false }])
})

test('G3: two hundred groups that end together look at the machine together', async () => {
  const ours = spawn('/bin/sh', ['-c', 'trap "" TERM; sleep 60'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void ours.kill('SIGKILL'))
  const pid = ours.pid ?? 0
  let looks = 0
  const counted = new GroupLooks({ groups: () => ((looks += 1), groups()) })
  const limits = { ...LIMITS, killAfterMs: 200 }
  const began = performance.now()
  const all = Array.from({ length: 200 }, () => new ProcessGroup(pid, { looks: counted, limits }))
  expect(await Promise.all(all.map((group) => group.end()))).toEqual(all.map(() => true))
  // One in 20 ms, and not 200 every 25 ms.
  expect(looks).toBeLessThan((performance.now() - began) / 20 + 5)
})

/** What the tools of a dead server left running: which of it ends, and which the agent meant to go on. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { endLeftRunning, MARK, serverMark, sessionsOfOpenCalls } from '../../src/opencode/process/left-running.ts'
import { identify } from '../../src/opencode/process/process.ts'
import type { ProcessRow } from '../../src/opencode/process/process.ts'
import { watchServer } from '../../src/opencode/process/server.ts'
import type { ServerRecord } from '../../src/ports/agent.ts'
import { pidIn, signalTo } from '../support/pids.ts'
import { isAlive, until } from './fixtures/world.ts'

const SERVER: ServerRecord = { pid: 100, startTicks: '1', port: 4096, password: 'x' }

interface Facts {
  readonly pid: number
  readonly parent?: number
  readonly session?: number
  readonly marked?: false
  readonly output?: 'socket'
  readonly dead?: true
}

/** The sessions that end, of a machine with these processes. */
function ending(processes: readonly Facts[], children: readonly number[] = []) {
  const rows: readonly ProcessRow[] = processes.map(({ pid, parent = 1, session = pid, dead = false }) => ({
    pid,
    parent,
    session,
    group: session,
    startTicks: `t${pid}`,
    dead,
  }))
  const facts = (row: ProcessRow) => processes.find(({ pid }) => pid === row.pid)
  const open = sessionsOfOpenCalls(
    rows,
    { record: SERVER, children: new Set(children.map((pid) => `${pid} t${pid}`)) },
    { isMarked: (row) => facts(row)?.marked !== false, holdsOutput: (row) => facts(row)?.output === 'socket' },
  )
  return [...open].toSorted((a, b) => a - b)
}

describe('of the processes that a dead server has left', () => {
  test.each<[string, readonly Facts[], readonly number[], readonly number[]]>([
    ['L1: its own helpers end', [{ pid: 7, session: 100 }], [], [100]],
    ['L2: the shell of an open call ends, wherever its output goes', [{ pid: 7 }], [7], [7]],
    ['L2: with what it started', [{ pid: 7 }, { pid: 8, parent: 7, session: 7 }], [7], [7]],
    ['L2: and whoever took the mark out of its environment', [{ pid: 7 }, { pid: 8, session: 7, marked: false }], [7], [7]],
    ['L3: a call that nobody saw ends, if its output is open', [{ pid: 7, output: 'socket' }], [], [7]],
    ['L3: also when its shell has ended: OpenCode still waited', [{ pid: 8, session: 7, output: 'socket' }], [], [7]],
    [
      'L4: a session of its own does not help a descendant',
      [{ pid: 7 }, { pid: 8, parent: 7, session: 7 }, { pid: 9, parent: 8 }, { pid: 10, parent: 9, session: 9 }],
      [7],
      [7, 9],
    ],
    ['nohup with the output elsewhere goes on', [{ pid: 8, session: 7 }], [], []],
    ['also when its shell was seen while it lived', [{ pid: 8, session: 7 }], [7], []],
    [
      'also when nobody has reaped its shell yet',
      [
        { pid: 7, dead: true },
        { pid: 8, parent: 7, session: 7 },
      ],
      [7],
      [],
    ],
    ['a daemon with a session of its own goes on', [{ pid: 9 }], [7], []],
    [
      'a daemon goes on with children whose output it reads',
      [{ pid: 9 }, { pid: 10, parent: 9, session: 9, output: 'socket' }],
      [],
      [],
    ],
    [
      'processes of others go on',
      [
        { pid: 9, marked: false, output: 'socket' },
        { pid: 10, marked: false, session: 100 },
      ],
      [],
      [],
    ],
  ])('%s', (_name, processes, children, expected) => expect(ending(processes, children)).toEqual(expected))
})

test('the mark tells nothing of the password, and is another for each server', () => {
  expect(serverMark({ password: 'secret' })).toMatch(/^[0-9a-f]{24}$/)
  expect(serverMark({ password: 'secret' })).not.toBe(serverMark({ password: 'other' }))
})

/** A process that makes calls as a server of ours does: each has a session, and sockets for its output. The pids of the calls by name. */
async function callsOf(password: string, script: string, names: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-left-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const calls = `const { spawn } = require('node:child_process')
const call = (command) => spawn('/bin/bash', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
${script}
setInterval(() => {}, 1000)`
  const env = { PATH: process.env['PATH'] ?? '', [MARK]: serverMark({ password }) }
  const server = spawn(process.execPath, ['-e', calls], { cwd: dir, env, detached: true, stdio: 'ignore' })
  const pids = await until('the calls', () => {
    const found = names.map((name) => pidIn(join(dir, name)))
    return found.every((pid) => pid !== undefined) && found
  })
  onTestFinished(() => pids.forEach((pid) => void (isAlive(pid) && signalTo(pid, 'SIGKILL'))))
  const pid = server.pid ?? 0
  const record: ServerRecord = { pid, startTicks: identify(pid)?.startTicks ?? '', port: 1, password }
  return {
    record,
    pids,
    /** It dies as a server dies. */
    async dies() {
      server.kill('SIGKILL')
      await until('its end', () => !isAlive(pid))
    },
  }
}

function logOf() {
  const told: string[] = []
  const note = (line: string) => void told.push(line)
  return { told, log: { debug: note, info: note, warn: note, error: note } }
}

test('a call that was open ends, also one that ignores TERM; what was put in the background goes on; all in one line of the log', async () => {
  const script = `call('echo $$ > open; sleep 60; true')
call('trap "" TERM; echo $$ > stubborn; while :; do sleep 0.1; done')
call('nohup sleep 60 > /dev/null 2>&1 & echo $! > background')
call('setsid sleep 61 > log 2>&1 < /dev/null & echo $! > daemon')`
  const { record, pids, dies } = await callsOf('one', script, ['open', 'stubborn', 'background', 'daemon'])
  await dies()
  const { told, log } = logOf()
  // The red control: of another server nothing is found.
  await endLeftRunning([{ record: { ...record, password: 'two', pid: 1 } }], log)
  expect(pids.map(isAlive)).toEqual([true, true, true, true])
  const began = performance.now()
  await endLeftRunning([{ record }], log)
  expect(pids.map(isAlive)).toEqual([false, false, true, true])
  expect(performance.now() - began).toBeLessThan(2_500)
  expect(told).toEqual(['what the tools of a dead OpenCode server left running is ended'])
})

test('a call whose whole output goes to a file ends too, if its shell was seen while the server lived', async () => {
  const script = `call('echo $$ > open; exec sleep 60 > log 2>&1')
call('echo $$ > shell; nohup sleep 60 > /dev/null 2>&1 & echo $! > background')`
  const {
    record,
    pids: [open, background, shell],
    dies,
  } = await callsOf('one', script, ['open', 'background', 'shell'])
  const alive = (): readonly boolean[] => [open, background].map((pid) => isAlive(pid ?? 0))
  const { told, log } = logOf()
  const server = watchServer(record, { log, stopped: new AbortController().signal })
  // While a process becomes another program, the kernel shows no environment of it.
  await until('its program', () => readFileSync(`/proc/${open}/comm`, 'utf8') === 'sleep\n')
  await until('the end of the call that only starts something', () => !isAlive(shell ?? 0))
  server.check()
  await dies()
  // The red control: nobody saw it.
  await endLeftRunning([{ record }], log)
  expect(alive()).toEqual([true, true])
  await server.end()
  expect(alive()).toEqual([false, true])
  expect(told).toHaveLength(1)
})

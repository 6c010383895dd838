/** The bot dies by `kill -9`: what it ran is ended by the next one, and nothing else is. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { identify } from '../../../src/opencode/process/process.ts'
import { living, shellWorld, until, type ShellWorld } from '../fixtures/shell-world.ts'
import { signalToGroup } from '../../support/pids.ts'

const BOT = fileURLToPath(new URL('../fixtures/command-bot.ts', import.meta.url))
const recordOf = ({ dataDir }: ShellWorld) => join(dataDir, 'shell/running.json')
const onRecord = (world: ShellWorld) =>
  (JSON.parse(readFileSync(recordOf(world), 'utf8')) as { groups: readonly unknown[] }).groups

/** A bot that runs this and dies once it has said `last`; the command's process group. */
async function killedBot(world: ShellWorld, command: string, last: string): Promise<number> {
  const bot = spawn(process.execPath, [BOT, world.dataDir, world.dir, command], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  bot.stdout.on('data', (data) => (said += String(data)))
  await until(`"${last}" of ${command}`, () => said.includes(last))
  const group = Number(/group (\d+)/.exec(said)?.[1])
  const exit = once(bot, 'exit')
  bot.kill('SIGKILL')
  await exit
  onTestFinished(() => void (living(group).length > 0 && signalToGroup(group, 'SIGKILL')))
  return group
}

describe('a command whose bot was killed', () => {
  test.each([
    ['runs on', 'echo group $$; sleep 60 | cat', 'group'],
    ['ignores TERM', 'trap "" TERM; echo group $$; while :; do sleep 0.1; done', 'group'],
    ['left something in the background', 'echo group $$; sleep 60 &', 'ended: exited'],
  ])('and that %s is ended by the next bot', async (_name, command, last) => {
    const world = shellWorld()
    const group = await killedBot(world, command, last)
    expect(living(group)).not.toEqual([])
    expect(onRecord(world)).toHaveLength(1)
    const shell = world.shell()
    // A new command does not wait for that, nor is it forgotten over that.
    const next = shell.start('echo group $$; sleep 60')
    const nextGroup = await next.group()
    await until('the end of what was left', () => living(group).length === 0)
    await until('its record to go', () => onRecord(world).length === 1)
    expect(living(nextGroup)).not.toEqual([])
    expect(world.logged).toEqual([expect.stringContaining('is ended')])
  })

  test('would run on if it were not on record', async () => {
    const world = shellWorld()
    const group = await killedBot(world, 'echo group $$; sleep 60', 'group')
    rmSync(recordOf(world))
    // Its stop waits for whatever it had to end.
    await world.shell().stopAll()
    expect(living(group)).not.toEqual([])
  })

  test('is ended before a stop right after the start has resolved', async () => {
    const world = shellWorld()
    const group = await killedBot(world, 'trap "" TERM; echo group $$; while :; do sleep 0.1; done', 'group')
    await world.shell().stopAll()
    expect(living(group)).toEqual([])
  })

  test('before the command was on record does not run at all', async () => {
    const world = shellWorld()
    const mark = join(world.dir, 'ran')
    const bot = spawn(process.execPath, [BOT, world.dataDir, world.dir, `touch ${mark}`, 'dies-before-the-record'], {
      stdio: 'inherit',
    })
    const [, signal] = (await once(bot, 'exit')) as [unknown, string]
    expect(signal).toBe('SIGKILL')
    const gates = () => execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).includes(mark)
    await until('the end of the gate', () => !gates())
    expect(existsSync(mark)).toBe(false)
  })

  test('and whose number has another process now leaves that alone', async () => {
    const world = shellWorld()
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    const pid = stranger.pid ?? 0
    onTestFinished(() => void stranger.kill('SIGKILL'))
    const ticks = identify(pid)?.startTicks ?? ''
    const write = (startTicks: string) => {
      mkdirSync(join(world.dataDir, 'shell'), { recursive: true })
      writeFileSync(recordOf(world), JSON.stringify({ version: 1, groups: [{ group: pid, members: [{ pid, startTicks }] }] }))
    }
    write(`${ticks}1`)
    await world.shell().stopAll()
    expect(living(pid)).toEqual([pid])
    expect(onRecord(world)).toEqual([])
    // The red control: the same process, named rightly, is ended.
    write(ticks)
    await world.shell().stopAll()
    expect(living(pid)).toEqual([])
  })

  test.each([
    '',
    '{',
    '[]',
    '{"version":2,"groups":[]}',
    '{"version":1,"groups":[{"group":1,"members":[]}]}',
    '{"version":1,"groups":[{"group":0}]}',
  ])('with a record of %j is told, and commands run', async (record) => {
    const world = shellWorld()
    mkdirSync(join(world.dataDir, 'shell'))
    writeFileSync(recordOf(world), record)
    expect(await world.shell().sh('echo fine')).toMatchObject({ kind: 'exited', output: { text: 'fine\n' } })
    expect(world.logged).toHaveLength(1)
  })
})

/** A `kimaki send` that is killed at any step has posted once, or not at all. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startEmulator } from 'discord-emulator'
import { expect, onTestFinished, test } from 'vitest'
import { takeControl } from '../../src/cli/control/lock.ts'
import { createStore } from '../../src/store/store.ts'
import { freePort } from '../support/bot-process.ts'
import { programOf } from '../support/programs.ts'

const CHANNEL = '100000000000000001'

async function send(env: Readonly<Record<string, string>>, channel = CHANNEL): Promise<ChildProcess> {
  const home = mkdtempSync(join(tmpdir(), 'kimaki-killed-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const all = {
    HOME: home,
    KIMAKI_DATA_DIR: home,
    KIMAKI_LOCK_PORT: String(await freePort()),
    NODE_DISABLE_COMPILE_CACHE: '1',
    ...env,
  }
  return spawn(process.execPath, [programOf(), 'send', '--channel', channel, '--prompt', 'once'], { env: all, stdio: 'ignore' })
}

test('in CI: before Discord has the message nothing is posted, afterwards it is', async () => {
  const emulator = await startEmulator({ rateLimits: false })
  onTestFinished(() => emulator.stop())
  const { world } = emulator
  const guild = world.guild({ name: 'Lab', owner: world.user('Ann') })
  const account = world.bot({ name: 'kimaki' })
  guild.addBot(account)
  let child: ChildProcess | undefined
  let killAt: { readonly path: RegExp; readonly moment: 'asked' | 'answered' } | undefined
  /** Stands between the command and Discord. */
  const between = createServer((request, response) => {
    const isIt = (moment: string): boolean => killAt?.moment === moment && killAt.path.test(request.url ?? '')
    void (async () => {
      if (isIt('asked')) return void child?.kill('SIGKILL')
      const body: Buffer[] = []
      for await (const bytes of request) body.push(bytes as Buffer)
      const { authorization = '', 'content-type': type = 'application/json' } = request.headers
      const answer = await fetch(`${emulator.apiUrl.replace(/\/api$/, '')}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { authorization, 'content-type': type },
        ...(body.length > 0 && { body: Buffer.concat(body) }),
      })
      const text = await answer.text()
      if (isIt('answered')) return void child?.kill('SIGKILL')
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    })()
  })
  await once(between.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => between.close().closeAllConnections())
  const env = {
    KIMAKI_BOT_TOKEN: account.token,
    KIMAKI_DISCORD_API_URL: `http://127.0.0.1:${(between.address() as AddressInfo).port}/api`,
  }
  const posted: Record<string, number> = {}
  for (const path of [/@me$/, /messages$/])
    for (const moment of ['asked', 'answered'] as const) {
      const channel = guild.textChannel('project').id
      killAt = { path, moment }
      child = await send(env, channel)
      expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
      posted[`${moment} ${path.source}`] = world.messages(channel).length
    }
  expect(posted).toEqual({ 'asked @me$': 0, 'answered @me$': 0, 'asked messages$': 0, 'answered messages$': 1 })
})

test('beside a bot: it has the request once when it was asked, whether the command hears of it or not', async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'kimaki-killed-')), 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  onTestFinished(() => rmSync(join(dataDir, '..'), { recursive: true }))
  const port = await freePort()
  const keys: unknown[] = []
  let child: ChildProcess | undefined
  const control = await takeControl(
    { dataDir, port },
    {
      'POST /send': async (body) => {
        child?.kill('SIGKILL')
        if (child) await once(child, 'close')
        keys.push((body as { readonly id: unknown }).id)
        return { key: 'send:1', state: 'accepted' }
      },
    },
  )
  if (!control || control instanceof Error) throw control ?? new Error('no lock')
  onTestFinished(() => control.close())
  child = await send({ KIMAKI_DATA_DIR: dataDir, KIMAKI_LOCK_PORT: String(port) })
  const gone = child
  await once(gone, 'close')
  await expect.poll(() => keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)])
})

test('without a bot: before its commit nothing waits in the database, afterwards the message does, once', async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'kimaki-killed-')), 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  onTestFinished(() => rmSync(join(dataDir, '..'), { recursive: true }))
  const database = join(dataDir, 'discord-sessions.db')
  const store = createStore(database)
  if (store instanceof Error) throw store
  await store.linkProject({ channelId: CHANNEL, guildId: '100000000000000002', directory: dataDir }, undefined)
  await store.close()
  const waiting = (): number => {
    const rows = new DatabaseSync(database, { readOnly: true })
    const { n } = rows.prepare('SELECT count(*) AS n FROM inbox').get() as { readonly n: number }
    rows.close()
    return n
  }
  const killed = async (at: string) => {
    const fixture = new URL('fixtures/killed-at-commit.ts', import.meta.url).href
    const env = { KIMAKI_DATA_DIR: dataDir, NODE_OPTIONS: `--import=${fixture}`, KILL_AT: at }
    return (await once(await send(env), 'close')) as unknown[]
  }
  expect([await killed('before'), waiting()]).toEqual([[null, 'SIGKILL'], 0])
  expect([await killed('after'), waiting()]).toEqual([[null, 'SIGKILL'], 1])
  // Neither holds up the next one.
  expect([await killed('never'), waiting()]).toEqual([[0, null], 2])
})

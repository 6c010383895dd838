/** Two machines of one server, through a gateway: a channel that one has linked is refused to the other by name, until it is given up. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from 'discord-emulator'
import { tokenOf } from 'kimaki-protocol'
import { expect, onTestFinished, test } from 'vitest'
import { register } from '../../src/cli/gateway/ask.ts'
import { claimLinked } from '../../src/app/projects/claims.ts'
import { createGatewayOwners } from '../../src/cli/owners/gateway-owners.ts'
import { letIn, startGateway } from '../support/gateway.ts'
import { runCli } from '../support/run-cli.ts'

async function house() {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-owners-'))
  const emulator = await startEmulator({ rateLimits: false })
  const gateway = await startGateway(emulator, dir)
  onTestFinished(async () => {
    await gateway.kill()
    await emulator.stop()
    rmSync(dir, { recursive: true, force: true })
  })
  const owner = emulator.world.user('ada')
  const guild = emulator.world.guild({ name: 'workshop', owner })
  const machine = async (name: string) => {
    const credentials = { clientId: randomUUID(), secret: randomUUID().replaceAll('-', '').repeat(2) }
    const registered = await register(gateway.origin, credentials, name)
    if (typeof registered === 'string' || registered instanceof Error) throw new Error('not registered')
    await letIn(registered.install_url, owner, guild.id)
    const token = tokenOf(credentials)
    const folder = join(dir, name, 'pond')
    mkdirSync(folder, { recursive: true })
    const env = {
      HOME: join(dir, name),
      PATH: process.env['PATH'] ?? '',
      KIMAKI_BOT_TOKEN: token,
      KIMAKI_DISCORD_API_URL: `${gateway.origin}/api`,
    }
    const project = async (...args: readonly string[]) => runCli(env, ['project', ...args, '--data-dir', join(dir, name, 'data')])
    return { folder, project, owners: createGatewayOwners({ token, apiUrl: `${gateway.origin}/api` }) }
  }
  return { gateway, machine, channel: guild.textChannel('pond') }
}

test('project link, project unlink, and the start of a bot with projects from before', async () => {
  const { gateway, machine, channel } = await house()
  const [laptop, tower] = [await machine('laptop'), await machine('tower')]
  const link = (one: typeof laptop) => one.project('link', one.folder, '--channel', channel.id)
  expect(await link(laptop)).toMatchObject({ code: 0 })
  expect(await link(tower)).toMatchObject({ code: 64, stderr: expect.stringContaining('belongs to the machine "laptop"') })
  expect((await tower.project('list', '--json')).stdout).toBe('[]\n')

  const said: string[] = []
  const say = (line: string): void => void said.push(line)
  const log = { debug: say, info: say, warn: say, error: say }
  const projects = { all: () => [{ channelId: channel.id, guildId: '1', directory: tower.folder }] }
  await claimLinked(tower.owners, projects, log)
  expect(said).toEqual([expect.stringContaining('belongs to the machine "laptop"')])
  expect(await tower.owners.release(channel.id)).toBeUndefined()

  expect(await laptop.project('unlink', channel.id)).toMatchObject({ code: 0 })
  expect(await link(tower)).toMatchObject({ code: 0 })
  await gateway.kill()
  expect(await tower.project('unlink', channel.id)).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('cannot be reached'),
  })
})

/** Emulator, gateway and bots as processes: a platform provisions two users at once, as the seed's program does; what dies goes on. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Guild, Person } from 'discord-emulator'
import { openCodeTestEnvironment } from 'scripted-model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { credentialsIn, readSaved } from '../../src/cli/saved/credentials.ts'
import { freePort } from '../support/bot-process.ts'
import { letIn, refuse, startGateway, type GatewayProcess } from '../support/gateway.ts'
import { startHarness, type Harness } from '../support/harness.ts'
import { provision, type Provisioned } from '../support/platform.ts'
import { programOf } from '../support/programs.ts'
import { signalTo } from '../support/pids.ts'
import { runCli } from '../support/run-cli.ts'
import { openTerminal } from '../support/terminal.ts'
import { E2E_RULES } from './rules.ts'

interface User {
  readonly person: Person
  readonly guild: Guild
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
}

/** One process less for each start; the first tests have the wrapper. */
const BARE = { KIMAKI_NO_WRAPPER: '1' }
const CALLBACK = 'https://your-platform.com/oauth-done'

let harness: Harness
let gateway: GatewayProcess
let ada: User
let ben: User
const children: Provisioned[] = []

beforeAll(async () => {
  harness = await startHarness({ rules: E2E_RULES, opencode: 'real', emulator: { rateLimits: false } })
  gateway = await startGateway(harness.emulator, harness.dir)
  const { world } = harness.emulator
  const other = world.user('ben')
  ada = await user('ada', harness.owner, harness.guild, {})
  ben = await user('ben', other, world.guild({ name: 'library', owner: other }), ofItsOwn('opencode-ben'))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await gateway.kill()
  await harness.stop()
})

/** An OpenCode that is not the subject, with a database of its own. */
function ofItsOwn(name: string): Readonly<Record<string, string>> {
  const home = openCodeTestEnvironment(join(harness.dir, name))
  mkdirSync(join(home['XDG_CONFIG_HOME'] ?? '', 'opencode'), { recursive: true })
  writeFileSync(join(home['XDG_CONFIG_HOME'] ?? '', 'opencode', 'opencode.json'), harness.openCodeConfig())
  return { ...home, ...harness.scripted }
}

async function user(name: string, person: Person, guild: Guild, more: Readonly<Record<string, string>>): Promise<User> {
  const bin = join(harness.dir, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'kimaki'), `#!/bin/sh\nexec '${process.execPath}' '${programOf()}' "$@"\n`, { mode: 0o755 })
  const {
    KIMAKI_BOT_TOKEN: _token,
    KIMAKI_DISCORD_API_URL: _api,
    KIMAKI_DATA_DIR: _dir,
    KIMAKI_NO_WRAPPER: _wrapper,
    ...rest
  } = {
    ...harness.env,
    ...more,
  } as Record<string, string>
  const env = {
    ...rest,
    PATH: [bin, rest['PATH'] ?? process.env['PATH']].join(delimiter),
    KIMAKI_LOCK_PORT: String(await freePort()),
    KIMAKI_WEBSITE_URL: gateway.origin,
  }
  return { person, guild, env, dataDir: join(harness.dir, `user-${name}`) }
}

function start({ dataDir, env }: User, flags: readonly string[] = [], more: Readonly<Record<string, string>> = {}): Provisioned {
  const child = provision(dataDir, { ...env, ...more }, flags)
  children.push(child)
  return child
}

const asSse = (child: Provisioned): string => child.events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
const types = (child: Provisioned): readonly string[] => child.events.map(({ type }) => type)
const saidIn = (channelId: string): readonly string[] =>
  harness.emulator.world.messages(channelId).flatMap(({ author, content }) => (author.id === gateway.bot.id ? [content] : []))

const kimaki = async ({ dataDir, env }: User, ...args: readonly string[]) => runCli(env, ['--data-dir', dataDir, ...args])

async function firstChannel(one: User): Promise<string> {
  const { stdout } = await kimaki(one, 'project', 'list', '--json')
  const [project] = JSON.parse(stdout) as readonly { readonly channelId: string; readonly guildId: string }[]
  expect(project?.guildId).toBe(one.guild.id)
  return project?.channelId ?? ''
}

/** In the first channel of the server: the answer in the thread that the message begins. */
async function answerTo(one: User, words: string): Promise<string> {
  const { id } = one.person.send(await firstChannel(one), words)
  return harness.emulator.world.until(
    `an answer to ${words}`,
    () => saidIn(id).find((text) => text.includes('Answer to')),
    90_000,
  )
}

/** The bot and its wrapper die without a word. */
async function killAll({ dataDir }: User, wrapper: Provisioned | undefined): Promise<void> {
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'bot-process.json'), 'utf8')) as { readonly pid: number }
  wrapper?.kill('SIGKILL')
  signalTo(pid, 'SIGKILL')
  await wrapper?.exited
}

test('two users are provisioned at once: the address, the consent, the callback, ready, and each has its own server and answers', async () => {
  const users = [ada, ben]
  const flags = ['--restart-onboarding', '--gateway-callback-url', CALLBACK]
  const platforms = users.map((one) => start(one, flags))
  for (const [at, platform] of platforms.entries()) {
    const { person, guild, dataDir } = users[at] ?? ada
    const { url = '' } = await platform.event('install_url')
    const { gateway: saved } = readSaved(dataDir) as Exclude<ReturnType<typeof readSaved>, Error>
    expect(url).toBe(`${gateway.origin}/discord-install?clientId=${saved?.clientId}&callbackUrl=${encodeURIComponent(CALLBACK)}`)
    expect(url).not.toContain(saved?.secret)
    expect(statSync(credentialsIn(dataDir)).mode & 0o777).toBe(0o600)
    expect(await letIn(url, person, guild.id)).toBe(`${CALLBACK}?guild_id=${guild.id}`)
  }
  for (const [at, platform] of platforms.entries()) {
    const { guild } = users[at] ?? ada
    expect(await platform.event('authorized')).toEqual({ type: 'authorized', guild_id: guild.id })
    expect(await platform.event('ready')).toEqual({ type: 'ready', app_id: gateway.bot.applicationId, guild_ids: [guild.id] })
    expect(types(platform)).toEqual(['install_url', 'authorized', 'ready'])
    expect(platform.stdout()).toBe(asSse(platform))
  }
  const answers = await Promise.all([answerTo(ada, 'hello #m1'), answerTo(ben, 'hello #m2')])
  expect(answers).toEqual([expect.stringContaining('Answer to #m1'), expect.stringContaining('Answer to #m2')])
})

test('killed, with the gateway, and started again as a container would: no question is asked again, and what was said meanwhile is answered', async () => {
  await Promise.all([killAll(ada, children[0]), gateway.kill()])
  const { id } = ada.person.send(await firstChannel(ada), 'hello #m3')
  // It waits for the gateway.
  const again = start(ada)
  await gateway.start()
  expect(await again.event('ready')).toMatchObject({ guild_ids: [ada.guild.id] })
  await harness.emulator.world.until('an answer', () => saidIn(id).some((text) => text.includes('Answer to #m3')) || undefined)
  expect(types(again)).toEqual(['ready'])
  expect(again.stdout()).toBe(asSse(again))
})

test('with the credentials of a machine in KIMAKI_BOT_TOKEN, commands reach its server through the gateway, and Discord hears no secret', async () => {
  const token = (await kimaki(ben, 'bot', 'token')).stdout.trim()
  expect(token).toMatch(/^[\da-f-]{36}:[\da-f]{64}$/)
  const elsewhere = {
    ...ben,
    dataDir: join(harness.dir, 'elsewhere'),
    env: { ...ben.env, KIMAKI_LOCK_PORT: String(await freePort()), KIMAKI_BOT_TOKEN: token },
  }
  const folder = join(harness.dir, 'pond')
  mkdirSync(folder)
  const added = await kimaki(elsewhere, 'project', 'add', folder, '--json')
  expect(added.stderr).toBe('')
  expect(JSON.parse(added.stdout)).toMatchObject({ guildId: ben.guild.id, directory: folder })
  const foreign = await kimaki(elsewhere, 'project', 'add', folder, '--guild', ada.guild.id)
  expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining('not connected to that server')])
  const { channelId } = JSON.parse(added.stdout) as { readonly channelId: string }
  const answered = await kimaki(
    { ...elsewhere, dataDir: join(harness.dir, 'ci') },
    'send',
    '--channel',
    await firstChannel(ben),
    '--prompt',
    'hello #m4',
    '--wait',
  )
  expect(answered).toEqual({ code: 0, stdout: expect.stringContaining('Answer to #m4'), stderr: '' })
  expect(harness.emulator.world.channel(channelId)).toMatchObject({ name: 'pond' })
  const looked = JSON.parse((await kimaki(elsewhere, 'doctor', '--json')).stdout) as { readonly checks: readonly object[] }
  expect(looked.checks).toEqual(
    expect.arrayContaining([
      { check: 'discord', verdict: 'ok', found: `answers through the gateway ${new URL(gateway.origin).host}` },
      { check: 'token', verdict: 'ok', found: 'accepted' },
      { check: 'intents', verdict: 'ok', found: 'Message Content is on' },
    ]),
  )
  expect((await kimaki(elsewhere, '--install-url')).stdout).toMatch(/\/discord-install\?clientId=[\da-f-]{36}\n$/)
  expect(JSON.stringify(harness.emulator.journal.entries)).not.toContain(token.split(':')[1])
})

test('a machine that was taken out of its last server says so with an address, ends with 64, and is let in again by it', async () => {
  const { guild, person } = ben
  await killAll(ben, children[1])
  guild.leave(gateway.bot.id)
  const alone = start(ben, [], BARE)
  const { install_url: address = '', message } = await alone.event('error')
  expect(message).toContain('in no server of the gateway any more')
  expect(await alone.exited).toBe(64)
  expect(await letIn(address, person, guild.id)).toBe('')
  const again = start(ben, [], BARE)
  await again.event('ready')
  expect(types(again)).toEqual(['authorized', 'ready'])
})

test('nobody opens the address: it ends with 64, says no first, and every later start has the same address until somebody does; a twin with its credentials replaces it', async () => {
  const fresh = {
    ...ben,
    dataDir: join(harness.dir, 'user-eve'),
    env: { ...ben.env, KIMAKI_LOCK_PORT: String(await freePort()) },
  }
  const short = { ...BARE, KIMAKI_GATEWAY_ONBOARDING_MS: '100' }
  const stopped = start(fresh, ['--restart-onboarding'], BARE)
  const { url } = await stopped.event('install_url')
  stopped.kill('SIGTERM')
  expect(await stopped.exited).toBe(0)
  const first = start(fresh, ['--restart-onboarding'], short)
  expect(await first.exited).toBe(64)
  expect(types(first)).toEqual(['install_url', 'error'])
  expect(first.events[0]).toEqual({ type: 'install_url', url })
  expect(first.events[1]).toMatchObject({
    install_url: url,
    message: expect.stringContaining('Nobody has let this machine into a server'),
  })

  const second = start(fresh, ['--restart-onboarding'], BARE)
  expect(await second.event('install_url')).toEqual({ type: 'install_url', url })
  // A machine that waits outlives its gateway.
  await gateway.kill()
  await gateway.start()
  await refuse(url ?? '', ben.person)
  expect(await second.event('error')).toMatchObject({
    install_url: url,
    message: expect.stringContaining('cancelled at Discord'),
  })
  second.kill('SIGKILL')
  await second.exited
  await letIn(url ?? '', ben.person, ben.guild.id)
  const third = start(fresh, ['--restart-onboarding'], { ...BARE, KIMAKI_NO_DEFAULT_CHANNEL: '1' })
  await third.event('ready')
  expect(types(third)).toEqual(['authorized', 'ready'])

  const token = (await kimaki(fresh, 'bot', 'token')).stdout.trim()
  const twin = { ...BARE, KIMAKI_LOCK_PORT: String(await freePort()), KIMAKI_BOT_TOKEN: token }
  const fourth = start({ ...fresh, dataDir: join(harness.dir, 'user-twin') }, [], twin)
  await fourth.event('ready')
  expect(await third.event('error')).toMatchObject({ message: expect.stringContaining('Another kimaki has connected') })
  expect(await third.exited).toBe(64)
})

test('at a terminal the gateway is the first choice once one is named: it shows address and code, and goes on with the projects', async () => {
  const { person, guild, env } = ben
  const rose = join(harness.dir, 'rose')
  mkdirSync(rose)
  const more = {
    HOME: rose,
    TERM: 'xterm',
    KIMAKI_DATA_DIR: join(harness.dir, 'user-rose'),
    KIMAKI_LOCK_PORT: String(await freePort()),
  }
  const shown = openTerminal({ ...env, ...more, OPENCODE_PATH: '/bin/false' }, rose, 120)
  await shown.sees('How do you want to begin?')
  await shown.sees('Through the gateway at 127.0.0.1')
  shown.type('\r')
  await shown.sees(/known by the code [A-Z2-7]{4}-[A-Z2-7]{4}/)
  const address = /http:\S+discord-install\?clientId=[\da-f-]{36}/.exec(shown.screen)?.[0] ?? ''
  await letIn(address, person, guild.id)
  await shown.sees('The machine is in library')
  await shown.sees('Which folders become projects?')
  shown.type('\r')
  await shown.sees('kimaki is connected: 1 server(s)')
  shown.type('\u0003')
  expect(await shown.code).toBe(0)
  expect(shown.screen).not.toContain('data: {')
})

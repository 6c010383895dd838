/** The first start, asked through a real terminal; what is saved of it; and what a start says where something is missing. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type Emulator } from 'discord-emulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { nextSteps } from '../../src/cli/projects/next-steps.ts'
import { credentialsIn, readSaved, saveToken } from '../../src/cli/saved/credentials.ts'
import { inviteAddress } from '../../src/domain/rights.ts'
import { freePort } from '../support/bot-process.ts'
import { COMPILE_CACHE } from '../support/programs.ts'
import { runCli } from '../support/run-cli.ts'
import { openTerminal, type Terminal } from '../support/terminal.ts'

/** View Channel, messages, threads, files, and Manage Channels. */
const RIGHTS = BigInt(new URL(inviteAddress('1')).searchParams.get('permissions') ?? '')
const CTRL_C = '\u0003'

let dir: string
let emulator: Emulator
let env: Readonly<Record<string, string>>
beforeEach(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-wizard-')))
  mkdirSync(join(dir, 'rose-garden'))
  emulator = await startEmulator({ rateLimits: false })
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    TERM: 'xterm',
    KIMAKI_DATA_DIR: join(dir, 'data'),
    KIMAKI_LOCK_PORT: String(await freePort()),
    KIMAKI_DISCORD_API_URL: emulator.apiUrl,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    OPENCODE_PATH: '/bin/false',
  }
})
afterEach(async () => {
  await emulator.stop()
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
})

const terminal = (columns: number, ...args: readonly string[]): Terminal =>
  openTerminal(env, join(dir, 'rose-garden'), columns, args)

describe('the first start at a terminal', () => {
  test('asks for the bot until all is well, makes the channels, and the bot runs; asks for more later; nothing is shown of the token', async () => {
    const bot = emulator.world.bot({ name: 'kimaki', messageContentIntent: true })
    const guild = emulator.world.guild({ name: 'workshop', owner: emulator.world.user('ada') })
    const shown = terminal(80)
    await shown.sees('How do you want to begin?')
    shown.type('\r')
    await shown.sees('The token of the bot')
    shown.type(`${'x'.repeat(60)}\r`)
    await shown.sees('Discord does not know this token')
    await shown.sees('The token of the bot')
    shown.type(`${bot.token}\r`)
    await shown.sees('Discord knows it: kimaki')
    await shown.sees('Invite the bot to your server')
    await shown.sees('Manage Channels, View Channel')
    expect(existsSync(credentialsIn(join(dir, 'data')))).toBe(false)
    guild.addBot(bot, { permissions: RIGHTS })
    await shown.sees('The bot is in workshop')
    await shown.sees('Which folders become projects?')
    shown.type(' \r')
    await shown.sees(/is a project now/)
    await shown.sees('A channel to try things in, with a tutorial')
    await shown.sees('kimaki is connected: 1 server(s), 2 project(s)')
    shown.type(CTRL_C)
    expect(await shown.code).toBe(0)
    expect(shown.screen).not.toContain(bot.token)
    expect(readSaved(join(dir, 'data'))).toEqual({ token: bot.token })
    const first = /tutorial:[^h]*https:\S+\/(\d+)/.exec(shown.screen)?.[1] ?? ''
    expect(emulator.world.transcript(first)).toContain('Welcome to Kimaki')
    const [tutorial] = emulator.world.threads(first)
    expect([tutorial?.name, emulator.world.transcript(tutorial?.id ?? '')]).toEqual([
      'Kimaki tutorial',
      expect.stringContaining('Try it here'),
    ])

    guild.deleteChannel(first)
    const again = terminal(80, '--add-channels')
    await again.sees('The bot is kimaki')
    await again.sees('Which folders become projects?')
    again.type('\r')
    await again.sees('kimaki is connected: 1 server(s)')
    again.type(CTRL_C)
    expect(await again.code).toBe(0)
    expect(again.screen).not.toContain('A channel to try things in')
    expect(statSync(credentialsIn(join(dir, 'data'))).mode & 0o777).toBe(0o600)
  })

  test('on 40 columns explains the missing intent with its page; Ctrl-C there leaves nothing', async () => {
    const bot = emulator.world.bot({ name: 'kimaki', messageContentIntent: false })
    const shown = terminal(40)
    await shown.sees('How do you want to begin?')
    shown.type('\r')
    await shown.sees('The token of the bot')
    shown.type(`${bot.token}\r`)
    await shown.sees(/may not read messages yet/)
    await shown.sees('Done?')
    const page = `discord.com/developers/applications/${bot.applicationId}/bot`
    expect(shown.screen.replaceAll(/[\s│]/g, '')).toContain(page)
    shown.type(CTRL_C)
    await shown.sees('Nothing was changed')
    expect(await shown.code).toBe(130)
    expect(existsSync(credentialsIn(join(dir, 'data')))).toBe(false)
  })

  test('Ctrl-C while the bot is in no server leaves nothing either', async () => {
    const bot = emulator.world.bot({ name: 'kimaki', messageContentIntent: true })
    const shown = terminal(80)
    await shown.sees('How do you want to begin?')
    shown.type('\r')
    await shown.sees('The token of the bot')
    shown.type(`${bot.token}\r`)
    await shown.sees('Waiting until the bot is in a server')
    shown.type(CTRL_C)
    await shown.sees('Nothing was changed')
    expect(await shown.code).toBe(130)
    expect(existsSync(credentialsIn(join(dir, 'data')))).toBe(false)
  })
})

describe('without a terminal', () => {
  test.each([
    [[], 'KIMAKI_BOT_TOKEN is not set. Run kimaki at a terminal'],
    [['--restart-onboarding'], '--restart-onboarding and --add-channels ask questions, and need a terminal'],
    [['--install-url'], 'KIMAKI_BOT_TOKEN is not set'],
    [['project', 'add', '.'], 'KIMAKI_BOT_TOKEN is not set'],
  ])('kimaki %j says in one sentence what is missing, and ends with 64', async (args, words) => {
    const { code, stderr } = await runCli({ ...env, KIMAKI_NO_WRAPPER: '1' }, args)
    expect(code).toBe(64)
    expect(stderr).toMatch(/^kimaki: [^\n]*\n$/)
    expect(stderr).toContain(words)
  })

  test('--install-url prints the address of the invitation, with exactly the rights in use', async () => {
    const bot = emulator.world.bot({ name: 'kimaki' })
    const { code, stdout } = await runCli({ ...env, KIMAKI_BOT_TOKEN: bot.token }, ['--install-url'])
    expect([code, stdout.trim()]).toEqual([0, inviteAddress(bot.applicationId)])
    expect(RIGHTS).toBe([4n, 10n, 11n, 35n, 38n, 15n, 16n].reduce((all, bit) => all | (1n << bit), 0n))
  })
})

describe('projects while no bot runs', () => {
  test('are added, listed with names, server and state, opened, and removed with their channel; the folder stays', async () => {
    const bot = emulator.world.bot({ name: 'kimaki' })
    const guild = emulator.world.guild({ name: 'workshop', owner: emulator.world.user('ada') })
    guild.addBot(bot, { permissions: RIGHTS })
    const folder = join(dir, 'rose-garden')
    const kimaki = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCli({ ...env, KIMAKI_BOT_TOKEN: bot.token }, ['project', ...args])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return stdout
    }
    const added = JSON.parse(await kimaki('add', folder, '--json')) as { readonly channelId: string }
    expect(added).toMatchObject({ guildId: guild.id, directory: folder, isOld: false, isTrusted: true })
    const { channelId } = added
    expect(emulator.world.channel(channelId)).toMatchObject({ name: 'rose-garden' })
    expect(await kimaki('list')).toBe(`${channelId}  #rose-garden  workshop  ok  ${folder}\n`)
    expect(await kimaki('open', `<#${channelId}>`)).toBe(`https://discord.com/channels/${guild.id}/${channelId}\n`)
    expect(await kimaki('remove', folder, '--delete-channel')).toContain(`The folder ${folder} is as it was`)
    expect(emulator.world.channel(channelId)).toBeUndefined()
    expect(existsSync(folder)).toBe(true)
  })
})

describe('a saved token', () => {
  const folder = (): string => join(dir, 'saved')

  test('is read again, and only its user may read it, whatever stood there before', () => {
    expect(readSaved(folder())).toEqual({})
    mkdirSync(folder())
    writeFileSync(credentialsIn(folder()), 'old')
    chmodSync(credentialsIn(folder()), 0o644)
    saveToken(folder(), 'new-token')
    expect(readSaved(folder())).toEqual({ token: 'new-token' })
    expect(statSync(credentialsIn(folder())).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['open to others', (file: string) => (writeFileSync(file, '{"token":"t"}'), chmodSync(file, 0o640)), 'open to others'],
    ['a link', (file: string) => symlinkSync('/etc/hostname', file), 'is a link'],
    ['broken', (file: string) => writeFileSync(file, '{', { mode: 0o600 }), 'Remove it and run kimaki again'],
  ])('that is %s is not used, and said so', (_name, make, words) => {
    mkdirSync(folder())
    make(credentialsIn(folder()))
    const token = readSaved(folder())
    expect(token).toBeInstanceOf(UsageError)
    expect(token instanceof UsageError && token.message).toContain(words)
  })
})

describe('what is left to do once the bot is connected', () => {
  const channel = (id: string, name: string, kind: 'text' | 'voice' = 'text') => ({
    id,
    name,
    kind,
    parentId: undefined,
    topic: '',
  })
  const channels = { list: async () => [channel('7', 'general'), channel('8', 'talk', 'voice')] }
  const steps = (guildIds: readonly string[], linked: number) =>
    nextSteps({ channels } as unknown as Parameters<typeof nextSteps>[0], { applicationId: '42', guildIds }, linked)

  test('in no server, is the invitation', async () => {
    expect(await steps([], 0)).toEqual([expect.stringContaining('in no server yet'), `  ${inviteAddress('42')}`])
    expect(await steps([], 3)).toHaveLength(2)
  })

  test('without a project, is the exact command for each text channel', async () => {
    const lines = await steps(['1'], 0)
    expect(lines.at(-1)).toBe('  #general: kimaki project link <folder> --channel 7')
    expect(lines.join('\n')).not.toContain('#talk')
  })

  test('with one, is nothing', async () => {
    expect(await steps(['1'], 1)).toEqual([])
  })
})

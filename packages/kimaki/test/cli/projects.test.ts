/** Projects on the command line: how channels and projects are named, what is listed, and what is made while no bot runs. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { survey } from '../../src/app/projects/survey.ts'
import { UsageError } from '../../src/base/errors.ts'
import { COLUMNS, rowsOf } from '../../src/cli/commands/project-list.ts'
import { readChannel } from '../../src/cli/projects/channel-address.ts'
import { createProjectFolders } from '../../src/cli/folders/project-folders.ts'
import { tableLines } from '../../src/cli/terminal/table.ts'
import { whichProject } from '../../src/cli/projects/which-project.ts'
import { channelNameFor, newFolderName } from '../../src/domain/project.ts'
import { createFolders } from '../../src/host/folders.ts'
import { unknown } from '../app/support/fake-chat.ts'

const CHANNEL = '100000000000000002'
const GUILD = '100000000000000001'

const sentence = (value: unknown): string => (value instanceof UsageError ? value.message : JSON.stringify(value))

describe('a channel', () => {
  test.each([
    [CHANNEL, undefined],
    [` ${CHANNEL} `, undefined],
    [`<#${CHANNEL}>`, undefined],
    [`https://discord.com/channels/${GUILD}/${CHANNEL}`, GUILD],
    [`https://ptb.discord.com/channels/${GUILD}/${CHANNEL}/100000000000000009`, GUILD],
    [`discordapp.com/channels/${GUILD}/${CHANNEL}`, GUILD],
  ])('is named by %s', (text, guildId) => {
    expect(readChannel(text)).toEqual({ channelId: CHANNEL, guildId })
  })

  test.each(['garden', '#garden', '12', `<@${CHANNEL}>`, `https://evil.example/channels/${GUILD}/${CHANNEL}`, ''])(
    'is not named by "%s", and told how to',
    (text) => {
      expect(sentence(readChannel(text))).toContain('choose Copy Link')
    },
  )
})

describe('a project', () => {
  const projects = [
    { channelId: CHANNEL, guildId: GUILD, directory: realpathSync(tmpdir()) },
    { channelId: '100000000000000003', guildId: GUILD, directory: '/gone' },
    { channelId: '100000000000000004', guildId: GUILD, directory: '/twice' },
    { channelId: '100000000000000005', guildId: GUILD, directory: '/twice' },
  ]

  test.each([
    [CHANNEL, CHANNEL],
    [tmpdir(), CHANNEL],
    ['/gone', '100000000000000003'],
  ])('is meant by %s', (text, channelId) => {
    expect(whichProject(projects, text)).toMatchObject({ channelId })
  })

  test.each([
    ['100000000000000099', 'is no project'],
    ['/elsewhere', 'is no project'],
    ['/twice', 'has several channels: 100000000000000004, 100000000000000005'],
  ])('is not meant by %s', (text, reason) => {
    expect(sentence(whichProject(projects, text))).toContain(reason)
  })
})

describe('names', () => {
  test.each([
    ['/code/Rose Garden', 'rose-garden'],
    ['/code/my_app.v2/', 'my-app-v2'],
    ['/code/Grüße', 'gruße'],
    ['/code/---', 'project'],
    [`/code/${'x'.repeat(120)}`, 'x'.repeat(100)],
  ])('the channel of %s', (directory, name) => {
    expect(channelNameFor(directory)).toBe(name)
  })

  test.each([
    ['../../etc', 'etc'],
    ['Tulip Shop!', 'tulip-shop'],
    ['..', undefined],
    ['', undefined],
  ])('a new folder "%s" stays within the projects folder', (name, folder) => {
    expect(newFolderName(name)).toBe(folder)
  })
})

describe('the list', () => {
  const project = (id: number, directory = '/code/a', guildId = GUILD) => ({
    channelId: `10000000000000000${id}`,
    guildId,
    directory,
  })
  const channel = { id: '100000000000000002', name: 'rose', kind: 'text', parentId: undefined, topic: '' } as const
  const channels = {
    servers: async () => [{ id: GUILD, name: 'Garden' }],
    list: async () => [channel],
    create: async () => unknown,
    remove: async () => undefined,
    archive: async () => 'archived' as const,
    members: async () => [],
    activeThreads: async () => [],
  }
  const folders = { existing: async (all: readonly string[]) => all.filter((one) => one !== '/gone') }
  const all = [project(2), project(3), project(4, '/gone'), project(5, '/code/b', '100000000000000777')]

  test('says the name, the server and the state of each', async () => {
    const rows = rowsOf(await survey(all, folders, { channels }))
    expect(tableLines(COLUMNS, rows, { width: undefined, isColoured: false })).toEqual([
      '100000000000000002  #rose  Garden              ok                 /code/a',
      '100000000000000003  -      Garden              no channel         /code/a',
      '100000000000000004  -      Garden              no folder          /gone',
      '100000000000000005  -      100000000000000777  not in the server  /code/b',
    ])
  })

  test.each([
    ['is not asked', undefined],
    ['gives no answer', { channels: { ...channels, servers: async () => unknown } }],
  ])('where Discord %s, says that it was not checked', async (_name, chat) => {
    const surveyed = await survey(all, folders, chat)
    expect(surveyed.map(({ state, guildName }) => [state, guildName])).toEqual([
      ['unchecked', null],
      ['unchecked', null],
      ['no folder', null],
      ['unchecked', null],
    ])
  })
})

describe('folders of projects', () => {
  function world() {
    const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-projects-')))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const projectsDir = join(dataDir, 'projects')
    return {
      dataDir,
      projectsDir,
      folders: createProjectFolders({ dataDir, projectsDir, environment: process.env }, createFolders()),
    }
  }

  test('are made with a repository; one that is there is refused, and gone on with after a crash unless something is in it', async () => {
    const { projectsDir, folders } = world()
    expect(await folders.make('rose', false)).toEqual({ directory: join(projectsDir, 'rose') })
    expect(readdirSync(join(projectsDir, 'rose'))).toEqual(['.git'])
    expect(sentence(await folders.make('rose', false))).toContain('is there already. Choose another name')
    expect(await folders.make('rose', true)).toEqual({ directory: join(projectsDir, 'rose') })
    writeFileSync(join(projectsDir, 'rose', 'mine.txt'), '')
    expect(sentence(await folders.make('rose', true))).toContain('is there already')
  })

  test('may lie in the projects folder, though that lies in the data folder; the data folder itself, / and home may not', async () => {
    const { dataDir, projectsDir, folders } = world()
    mkdirSync(join(projectsDir, 'rose'), { recursive: true })
    symlinkSync('/', join(projectsDir, 'everything'))
    expect(await folders.inspect(join(projectsDir, 'rose'))).toMatchObject({ directory: join(projectsDir, 'rose'), programs: [] })
    for (const whole of ['/', homedir(), '~', dataDir, projectsDir, join(projectsDir, 'everything')])
      expect(sentence(await folders.inspect(whole))).toContain('the agent would work in all of it')
    expect(sentence(await folders.inspect('rose'))).toContain('is no absolute path')
    expect(await folders.inspect(dataDir, true)).toMatchObject({ directory: dataDir })
  })
})

/** The slash commands that make folders into projects, and take that back: asked anywhere in a server, done once, whatever dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderRef } from '../../src/domain/project.ts'
import type { OptionQuery } from '../../src/domain/conversation/request.ts'
import { forbidden } from './support/fake-chat.ts'
import {
  commandEvent,
  endsEffect,
  hangsAt,
  openHarness,
  postsIn,
  prompted,
  type BotRun,
  type Harness,
} from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, busy, CHANNEL, GUILD, nextId, OWNER, ownerAccess, part, says, tool } from '../support/conversation.ts'

const ELSEWHERE = '100000000000000077'
const FOLDER = '/code/rose garden'
const helper = {
  ...ownerAccess,
  userId: '5',
  memberRoleIds: ['9'],
  roles: [{ id: '9', name: 'Kimaki', permissions: '0' }],
}

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

async function bot(before: Parameters<Harness['run']>[0] = () => undefined, programs: readonly string[] = []): Promise<BotRun> {
  return harness.run((fakes) => {
    // What a bot before it has left is done as soon as the next one runs.
    fakes.folders.there.set(FOLDER, programs)
    fakes.agent.knownProjects = [
      { directory: FOLDER, usedAt: 2 },
      { directory: '/gone', usedAt: 3 },
    ]
    return before(fakes)
  })
}

/** In a channel that is no project. */
function invoke(run: BotRun, name: string, options: Readonly<Record<string, string>>, access = ownerAccess): void {
  const event = commandEvent(ELSEWHERE, name, { options, userId: access.userId })
  run.chat.emit({ ...event, place: { channelId: ELSEWHERE, projectChannelId: ELSEWHERE, inThread: false }, access })
}

const add = (run: BotRun, project = folderRef(FOLDER)): void => invoke(run, 'add-project', { project })
const replies = (run: BotRun): readonly string[] => [...run.chat.replies.values()]
async function answered(run: BotRun, count = 1): Promise<string> {
  await until('the answer', () => replies(run).length === count)
  return replies(run).at(-1) ?? ''
}
const linked = async (run: BotRun) => (await run.store.projects()).filter(({ directory }) => directory !== '/project/garden')

function press(run: BotRun, customId: string, access = ownerAccess): string {
  const id = nextId()
  const followUp = { applicationId: '1', token: `token-${id}` }
  const facts = { guildId: GUILD, channelId: ELSEWHERE, messageId: '8', userId: access.userId, userName: 'Ann' }
  const place = { channelId: ELSEWHERE, projectChannelId: ELSEWHERE, inThread: false }
  run.chat.emit({
    kind: 'pressed',
    press: { id, customId, followUp, ...facts },
    token: followUp.token,
    place,
    access,
    position: undefined,
  })
  return id
}

describe('/add-project', () => {
  test('makes a channel under the category Kimaki, links it, and messages there count', async () => {
    const run = await bot()
    add(run)
    expect(await answered(run)).toMatch(/^✓ <#\d+> is the project \*\*\/code\/rose garden\*\* now/)
    const [category, channel] = run.chat.made
    expect(category).toMatchObject({ kind: 'category', name: 'Kimaki' })
    expect(channel).toMatchObject({ kind: 'text', name: 'rose-garden', parentId: category?.id })
    expect(channel?.topic).not.toContain('/code')
    expect(await linked(run)).toEqual([{ channelId: channel?.id, guildId: GUILD, directory: FOLDER }])
    run.send('hello', { channelId: channel?.id ?? '', projectChannelId: channel?.id ?? '' })
    await until('the prompt', () => run.agent.prompts.some(({ directory }) => directory === FOLDER))
  })

  test('finds the category again, and a folder that has a channel in the server gets no second one', async () => {
    const run = await bot()
    run.chat.made.push({ id: '100000000000000055', name: 'kimaki', kind: 'category', parentId: undefined, topic: '' })
    add(run)
    await answered(run)
    add(run, FOLDER)
    expect(await answered(run, 2)).toMatch(/was a project here before: <#\d+>/)
    expect(run.chat.made.map(({ kind }) => kind)).toEqual(['category', 'text'])
  })

  test.each([
    ['before its outcome is on record', hangsAt(endsEffect('command-work'))],
    ['with its channel made, and not linked yet', () => ({ linkProject: async () => new Promise<never>(() => undefined) })],
  ])('killed %s, is completed by the next bot: one category, one channel', async (_name, before) => {
    const first = await bot(before)
    add(first)
    await until('the channel', () => first.chat.made.length === 2)
    await quiet()
    const second = await bot()
    await answered(second)
    expect(second.chat.made.map(({ kind }) => kind)).toEqual(['category', 'text'])
    expect(await linked(second)).toHaveLength(1)
  })

  test('whose answer from Discord is lost, looks for its channel before it makes another one', async () => {
    const run = await bot(({ chat }) => void (chat.losesAnswerOfChannel = true))
    add(run)
    await until('the lost answer', () => run.chat.made.length === 2)
    await quiet()
    harness.clock.advance(1000)
    await answered(run)
    expect(run.chat.made).toHaveLength(2)
  })

  test('that Discord refuses says which right is missing, and links nothing', async () => {
    const run = await bot(({ chat }) => void (chat.on.createChannel = async () => forbidden))
    add(run)
    expect(await answered(run)).toMatch(/^✗ not added\nThe bot may not manage channels here\. Give its role Manage Channels/)
    expect(await linked(run)).toEqual([])
  })

  test.each([
    ['trusted', 'add-project-trusted', true],
    ['without them', 'add-project-bare', false],
  ])('of a folder that brings programs asks first; pressed, it is added %s', async (_name, action, isTrusted) => {
    const run = await bot(undefined, ['plugin evil.ts'])
    add(run)
    const asked = await answered(run)
    expect(asked).toContain('brings programs that OpenCode would run')
    expect(asked).toContain('plugin evil.ts')
    expect(run.chat.made).toEqual([])
    press(run, `${action}:${folderRef(FOLDER)}`)
    await until('the link', () => run.chat.made.length === 2)
    await until('the answer', () => replies(run).some((text) => text.startsWith('✓')))
    expect(run.store.folders.all()).toEqual([{ directory: FOLDER, isTrusted, programs: ['plugin evil.ts'] }])
  })

  test('of a folder that only its path names and that brings programs is sent to the terminal', async () => {
    const run = await bot()
    run.folders.there.set('/x/my_"y"', ['plugin z.ts'])
    add(run, '/x/my_"y"')
    expect(await answered(run)).toContain(`\`kimaki project add '/x/my_"y"'\``)
    expect(run.chat.made).toEqual([])
  })

  test('is for people who may manage the server: a member with the role Kimaki is refused, and proposed nothing', async () => {
    const run = await bot()
    invoke(run, 'add-project', { project: FOLDER }, helper)
    await until('the refusal', () => run.chat.calls.some((call) => call.includes('you may not add or remove projects here')))
    press(run, `add-project-trusted:${folderRef(FOLDER)}`, helper)
    await quiet()
    expect(run.chat.made).toEqual([])
    expect(await proposed(run, { name: 'add-project', option: 'project' }, helper)).toEqual([])
  })

  test('proposes folders that OpenCode knows, that are there, and that have no channel here', async () => {
    const run = await bot()
    run.folders.there.set('/project/garden', [])
    run.agent.knownProjects = [...run.agent.knownProjects, { directory: '/project/garden', usedAt: 9 }]
    expect(await proposed(run, { name: 'add-project', option: 'project', typed: 'ROSE' })).toEqual([
      { name: 'rose garden (/code/rose garden)', value: folderRef(FOLDER) },
    ])
  })
})

describe('/create-new-project', () => {
  const create = (run: BotRun, name: string): void => invoke(run, 'create-new-project', { name })

  test('makes the folder, the channel and a first thread in which the agent is told', async () => {
    const run = await bot()
    create(run, 'Tulip Shop!')
    expect(await answered(run)).toMatch(/^✓ <#\d+> is the project \*\*\/projects\/tulip-shop\*\* now/)
    await until('the prompt', () => run.agent.prompts.length === 1)
    expect(run.chat.started).toMatchObject([{ channelId: run.chat.made.at(-1)?.id, name: 'First session' }])
    expect(run.agent.prompts[0]?.directory).toBe('/projects/tulip-shop')
  })

  test('of a name that is taken touches nothing', async () => {
    const run = await bot()
    run.folders.there.set('/projects/tulip', [])
    create(run, 'tulip')
    expect(await answered(run)).toMatch(/^✗ not made: .*is there already/)
    expect(run.chat.made).toEqual([])
  })

  test('of a name without a letter or digit is told so', async () => {
    const run = await bot()
    create(run, '../..')
    expect(await answered(run)).toBe('✗ not made: there is no letter or digit in this name')
  })

  test.each([1, 2])('killed at step %i, is completed: one folder, one channel, one thread', async (step) => {
    let ends = 0
    const isNow: Parameters<typeof hangsAt>[0] = (batch) => endsEffect('command-work')(batch) && (ends += 1) === step
    const first = await bot(hangsAt(isNow))
    create(first, 'tulip')
    await until('the step', () => ends === step)
    await quiet()
    const second = await bot()
    for (const [directory, programs] of first.folders.there) second.folders.there.set(directory, programs)
    expect(await answered(second)).toMatch(/^✓/)
    await until('the thread', () => second.chat.started.length > 0)
    await quiet()
    expect(second.chat.made).toHaveLength(2)
    expect(second.chat.started).toHaveLength(1)
  })
})

describe('/remove-project', () => {
  test('stops what works there, so that no card of its agent waits for a press that nobody hears', async () => {
    const run = await bot()
    const { id } = await prompted(run)
    const user = run.agent.user()
    const step = answer('msg_a', user, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
    run.agent.emit(says(user), busy, says(step), ...step.parts.map((each) => part('msg_a', each)))
    await quiet()
    invoke(run, 'remove-project', { project: CHANNEL })
    await until('the end', () => postsIn(run, id).some((line) => line.includes('stopped by **the removal of the project**')))
    expect(await run.store.projects()).toEqual([])
  })

  test('unlinks, keeps the channel, and says that the folder was not touched', async () => {
    const run = await bot()
    invoke(run, 'remove-project', { project: CHANNEL })
    expect(await answered(run)).toMatch(/is no project any more.*\n.*nothing in it was touched/)
    expect(await run.store.projects()).toEqual([])
    run.send('hello')
    await quiet()
    expect(run.agent.prompts).toEqual([])
  })

  test.each([
    ['deletes it', undefined, /^✓ the project is removed, and its channel deleted\n/],
    ['says what is missing', forbidden, /was not deleted\. The bot may not manage channels here/],
  ])('asked to delete the channel, %s', async (_name, refusal, text) => {
    const run = await bot(({ chat }) => void (chat.on.removeChannel = async () => refusal))
    invoke(run, 'remove-project', { project: `<#${CHANNEL}>`, channel: 'delete' })
    expect(await answered(run)).toMatch(text)
    expect(await run.store.projects()).toEqual([])
  })

  test('killed between the two, deletes the channel all the same', async () => {
    const first = await bot(({ chat }) => void (chat.on.removeChannel = async () => new Promise<never>(() => undefined)))
    invoke(first, 'remove-project', { project: CHANNEL, channel: 'delete' })
    await until('unlinked', async () => (await first.store.projects()).length === 0)
    await quiet()
    const second = await bot()
    expect(await answered(second)).toMatch(/its channel deleted/)
  })

  test('of what is no project of this server says so', async () => {
    const run = await bot()
    invoke(run, 'remove-project', { project: '123' })
    expect(await answered(run)).toMatch(/^✗ not removed: that is no project of this server/)
  })
})

test('another command, asked where no project is, stays without a word: another machine may answer', async () => {
  const run = await bot()
  invoke(run, 'new-session', { prompt: 'x' })
  press(run, 'permissions-page:0')
  await quiet()
  expect(run.chat.calls.filter((call) => !/^(register|remove)/.test(call))).toEqual([])
  expect(replies(run)).toEqual([])
})

async function proposed(run: BotRun, query: Partial<OptionQuery>, access = ownerAccess) {
  const facts = { token: 't', typed: '', options: {}, guildId: GUILD, channelId: ELSEWHERE, userId: OWNER }
  const place = { channelId: ELSEWHERE, projectChannelId: ELSEWHERE, inThread: false }
  const whole = { id: nextId(), name: '', option: '', ...facts, ...query }
  run.chat.emit({ kind: 'autocomplete', query: whole, place, access, position: undefined })
  await until('the list', () => run.chat.proposed.has(whole.id))
  return run.chat.proposed.get(whole.id)
}

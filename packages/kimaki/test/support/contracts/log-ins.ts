/** The facts about log-ins at providers, with a plugin of the project. A part of the contract beside this file. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AgentPort } from '../../../src/ports/agent.ts'
import { must, until, type TestAgent, type World } from '../../opencode/fixtures/world.ts'

/** While this file is in the project, the person has finished on the page of the provider. */
export const FINISHED = 'finished-elsewhere'

/** Ways to log in at `test-house`; the label of the last one tells how often the project was read. */
const PLUGIN = `
import { existsSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { join } from 'node:path'
let reads = 0
export const server = async ({ directory }) => ({
  auth: {
    provider: 'test-house',
    methods: [
      {
        type: 'oauth',
        label: 'By code',
        authorize: async () => ({
          url: 'https://house.test/code?state=1',
          instructions: 'Copy the code',
          method: 'code',
          callback: async (code) => (code === 'right-c4nary-code' ? { type: 'success', key: 'key-of-the-code-1' } : { type: 'failed' }),
        }),
      },
      {
        type: 'oauth',
        label: 'Elsewhere',
        prompts: [
          { type: 'select', key: 'kind', message: 'Which kind?', options: [{ label: 'Cloud', value: 'cloud', hint: 'hosted' }, { label: 'Own', value: 'own' }] },
          { type: 'text', key: 'address', message: 'Address', placeholder: 'house.test', when: { key: 'kind', op: 'eq', value: 'own' } },
        ],
        authorize: async (inputs) => ({
          url: 'https://' + (inputs.address ?? inputs.kind) + '/in',
          instructions: 'Enter AB-1',
          method: 'auto',
          callback: async () => {
            const changes = watch(directory)
            if (!existsSync(join(directory, '${FINISHED}'))) for await (const _ of changes) if (existsSync(join(directory, '${FINISHED}'))) break
            return { type: 'success', refresh: 'refresh-token-1', access: 'access-token-1', expires: 4102444800000 }
          },
        }),
      },
      { type: 'oauth', label: 'Offline', authorize: async () => { throw new Error('fetch failed') } },
      { type: 'api', label: 'Read ' + (reads += 1) + ' times' },
    ],
  },
})
`

/** The folder, with the plugin in it. */
export function withLogInPlugin(directory: string): string {
  const folder = join(directory, '.opencode', 'plugin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'log-in.js'), PLUGIN)
  return directory
}

const HOUSE = 'test-house'

export function logInContract(
  around: () => { readonly world: World; readonly agent: TestAgent; readonly project: string },
): void {
  const statusOf = async ({ logIns }: AgentPort, project: string, id: string) =>
    must(await logIns.providers(project)).find((one) => one.id === id)?.status
  const reads = async ({ logIns }: AgentPort, project: string) => must(await logIns.methods(project, HOUSE)).at(-1)?.label

  test('ways to log in are those of the plugins, with what they ask; a provider without one has none', async () => {
    const { agent, project } = around()
    const { logIns } = agent.port
    const [byCode, elsewhere] = must(await logIns.methods(project, HOUSE))
    expect(byCode).toEqual({ kind: 'oauth', label: 'By code', prompts: [] })
    const when = { key: 'kind', value: 'own', isEqual: true }
    expect(elsewhere?.prompts).toEqual([
      {
        kind: 'select',
        key: 'kind',
        message: 'Which kind?',
        when: undefined,
        options: [
          { label: 'Cloud', value: 'cloud', hint: 'hosted' },
          { label: 'Own', value: 'own', hint: '' },
        ],
      },
      { kind: 'text', key: 'address', message: 'Address', placeholder: 'house.test', when },
    ])
    expect(must(await logIns.methods(project, 'scripted'))).toEqual([])
    expect(must(await logIns.providers(project)).find(({ id }) => id === HOUSE)?.hasMethods).toBe(true)
    expect(await statusOf(agent.port, project, 'scripted')).toBe('connected')
  })

  test('a key is kept for all projects until it is removed, both as often as one likes', async () => {
    const { agent, project, world } = around()
    const { logIns } = agent.port
    for (const key of ['key-that-is-old-1', 'key-that-counts-1'])
      expect(await logIns.setKey(project, 'other/house', key, { kind: 'own' })).toBeUndefined()
    const file = join(world.environment['XDG_DATA_HOME'] ?? '', 'opencode', 'auth.json')
    const kept = { type: 'api', key: 'key-that-counts-1', metadata: { kind: 'own' } }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ 'other/house': kept })
    expect(await statusOf(agent.port, project, 'other/house')).toBe('logged-in')
    for (const _ of [1, 2]) expect(await logIns.remove(project, 'other/house')).toBeUndefined()
    expect(await statusOf(agent.port, project, 'other/house')).toBeUndefined()
  })

  test('a code: a wrong one is refused and may be followed by the right one; one for nothing that was begun is forgotten', async () => {
    const { agent, project } = around()
    const { logIns } = agent.port
    const step = { provider: HOUSE, method: 0 }
    expect(must(await logIns.finish(project, { ...step, provider: 'nobody' }, 'x'))).toBe('forgotten')
    const begun = { url: 'https://house.test/code?state=1', instructions: 'Copy the code', by: 'code' }
    expect(must(await logIns.begin(project, step, {}))).toMatchObject(begun)
    expect(must(await logIns.finish(project, step, 'wrong'))).toBe('refused')
    expect(must(await logIns.finish(project, step, 'right-c4nary-code'))).toBe('done')
    expect(await statusOf(agent.port, project, HOUSE)).toBe('logged-in')
    must(await logIns.remove(project, HOUSE))
  })

  test('elsewhere: the end of the log-in is waited for; the plugin gets the answers', async () => {
    const { agent, project } = around()
    const { logIns } = agent.port
    const step = { provider: HOUSE, method: 1 }
    const begun = must(await logIns.begin(project, step, { kind: 'own', address: 'my.test' }))
    expect(begun).toMatchObject({ url: 'https://my.test/in', instructions: 'Enter AB-1', by: 'auto' })
    const end = logIns.finish(project, step)
    writeFileSync(join(project, FINISHED), '')
    expect(must(await end)).toBe('done')
    rmSync(join(project, FINISHED))
    must(await logIns.remove(project, HOUSE))
  })

  test.each([
    ['whose plugin fails', HOUSE, 2],
    ['of a provider that nobody knows', 'nowhere', 0],
    ['by a key', HOUSE, 3],
  ])('a log-in %s cannot be begun', async (_which, provider, method) => {
    const { agent, project } = around()
    expect(must(await agent.port.logIns.begin(project, { provider, method }, {}))).toBe('failed')
  })

  test('a project is read again at once where nothing runs, which forgets log-ins that were begun', async () => {
    const { agent, project } = around()
    const { logIns } = agent.port
    const before = await reads(agent.port, project)
    must(await logIns.begin(project, { provider: HOUSE, method: 0 }, {}))
    // A run that has just ended may count for a moment.
    await until('a project that is read again', async () => must(await logIns.renew(project)).counts === 'now')
    expect(await reads(agent.port, project)).not.toBe(before)
    expect(must(await logIns.finish(project, { provider: HOUSE, method: 0 }, 'right-c4nary-code'))).toBe('forgotten')
  })

  test('while a session runs nothing is read again, though no file has changed: the first prompt after it does', async () => {
    const { agent, project } = around()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'wait for go')
    await agent.until('the run', project, session, ({ status }) => status.kind === 'busy')
    const before = await reads(agent.port, project)
    expect(must(await agent.port.logIns.renew(project))).toEqual({ counts: 'later', sessions: [session] })
    expect(await reads(agent.port, project)).toBe(before)
    writeFileSync(join(project, 'go'), '')
    expect(await agent.answer(project, session)).toMatch('Went.')
    await agent.event('the end', (one) => one.session === session && one.kind === 'status' && one.status.kind === 'idle')
    await agent.prompt(project, session, 'say hello')
    expect(await agent.answer(project, session)).toMatch('Hello')
    expect(await reads(agent.port, project)).not.toBe(before)
  })
}

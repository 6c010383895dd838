/**
 * What several accounts of a provider lean on in OpenCode (docs/decisions/0015). A part of the contract beside this file, for the real one
 * alone: the process that plays it has no providers of its own.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { openCodeProvider } from '../../../../scripted-model/src/index.ts'
import { changeAccounts } from '../../../src/host/accounts/account-list.ts'
import { isAssistant, type TestAgent, type World } from '../../opencode/fixtures/world.ts'
import { keyedEntry, startKeyedProvider } from '../keyed-provider.ts'

const LISTED = ['work', 'home'].map((label) => ({ label, kind: 'api' as const, key: `key-of-${label}` }))

/** Each streams in a way of its own. */
const KINDS = ['anthropic', 'openai', 'google', 'groq'] as const

/** The world of the contract, from its first hook on. */
export type Around = () => { readonly world: World; readonly agent: TestAgent }

export function accountsContract(around: Around): void {
  test('a refused request is sent again with the next account: nothing is disposed, and a plugin that sends by itself is left alone', async () => {
    const { world, agent } = around()
    // Some kinds have their key in a header of their own.
    const provider = await startKeyedProvider(world.model.url, new Set(['key-of-work', '']))
    const used = Object.fromEntries(KINDS.map((kind) => [kind, LISTED.slice(0, 1)]))
    const dataDir = join(world.dir, 'kimaki')
    expect(
      changeAccounts(dataDir, () => ({
        providers: { acme: LISTED, stored: LISTED, mine: LISTED, ...used },
        order: ['scripted/scripted-model'],
      })),
    ).toBeUndefined()
    const logIns = join(world.environment['XDG_DATA_HOME'] ?? '', 'opencode')
    mkdirSync(logIns, { recursive: true })
    const key = (value: string) => ({ type: 'api', key: value })
    writeFileSync(join(logIns, 'auth.json'), JSON.stringify({ stored: key('stored-key'), mine: key('mine-key') }))
    const asked = join(world.dir, 'loader-was-asked')
    const plugins = [
      plugin(
        world.dir,
        'mine',
        `{ fetch: async (url, init) => { const headers = new Headers(init.headers); headers.set('authorization', 'Bearer ' + (await auth()).key); headers.set('x-own', '1'); return fetch(url, { ...init, headers }) } }`,
      ),
      plugin(world.dir, 'acme', `(await import('node:fs')).writeFileSync(${JSON.stringify(asked)}, ''), {}`),
    ]
    const folder = world.project('accounts', {
      plugin: plugins,
      enabled_providers: ['scripted', 'acme', 'stored', 'mine', ...KINDS],
      provider: {
        ...(openCodeProvider(world.model.url)['provider'] as object),
        acme: keyedEntry(provider.url, 'configured-key'),
        stored: keyedEntry(provider.url),
        mine: keyedEntry(provider.url),
        ...Object.fromEntries(KINDS.map((kind) => [kind, keyedEntry(provider.url, 'configured-key', `@ai-sdk/${kind}`)])),
      },
    })
    const keysOf = async (name: string) => {
      provider.keys.length = 0
      const session = await agent.session(folder)
      const answeredBy = { agent: undefined, model: { provider: name, model: 'm', variant: undefined } }
      await agent.prompt(folder, session, `say hello ${name}`, { answeredBy })
      expect(await agent.answer(folder, session)).toMatch('Hello there.')
      const { messages } = await agent.snapshot(folder, session)
      return {
        keys: [...provider.keys],
        answers: messages.filter(isAssistant).filter((one) => one.model.provider === name).length,
      }
    }
    try {
      const twice = { keys: ['key-of-work', 'key-of-home'], answers: 1 }
      expect(await keysOf('acme')).toEqual(twice)
      expect(await keysOf('stored')).toEqual(twice)
      expect(await keysOf('mine')).toEqual({ keys: ['own mine-key'], answers: 1 })
      // Why no `auth` hook does it: of a provider with a configured key OpenCode asks none.
      expect(existsSync(asked)).toBe(false)
      // The other model answers in the same run: what an answer without a word looks like differs from kind to kind.
      for (const kind of KINDS) {
        const session = await agent.session(folder)
        const answeredBy = { agent: undefined, model: { provider: kind, model: 'm', variant: undefined } }
        await agent.prompt(folder, session, `say hello ${kind}`, { answeredBy })
        expect(await agent.answer(folder, session)).toMatch('Hello there.')
        const { messages } = await agent.snapshot(folder, session)
        expect(messages.map((one) => (isAssistant(one) ? [one.model.provider, one.failure] : one.kind))).toEqual([
          'user',
          [kind, undefined],
          ['scripted', undefined],
        ])
      }
    } finally {
      await provider.stop()
    }
  })
}

/** One of the user's own, with a log-in of its own for the provider. */
function plugin(dir: string, provider: string, loaded: string): string {
  const file = join(dir, `${provider}-plugin.ts`)
  const hook = `{ provider: '${provider}', methods: [{ type: 'api', label: 'a key' }], loader: async (auth) => (${loaded}) }`
  writeFileSync(file, `export default { id: '${provider}', server: async () => ({ auth: ${hook} }) }\n`)
  return pathToFileURL(file).href
}

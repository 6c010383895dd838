/** What the plugin of an OpenCode server may ask of the bot, and where its token ends. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentLinks } from '../../src/cli/control/agent-links.ts'
import { AGENT_ROUTES } from '../../src/cli/control/agent-routes.ts'
import type { BotHandle } from '../../src/cli/command.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { linksIn } from '../../src/opencode/plugin/environment.ts'

let dir = ''
let one = ''
let two = ''
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-links-')))
  one = join(dir, 'one')
  two = join(dir, 'two')
  mkdirSync(one)
  mkdirSync(two)
})
afterEach(() => rmSync(dir, { recursive: true }))

/** As the plugin names it. */
const fileOf = (directory: string): string =>
  join(linksIn(dir), `${createHash('sha256').update(directory).digest('hex').slice(0, 32)}.json`)

const tokenOf = (directory: string): string =>
  (JSON.parse(readFileSync(fileOf(directory), 'utf8')) as { readonly token: string }).token

describe('a link', () => {
  test('lies where the plugin looks, for the user of the bot alone', () => {
    expect(new AgentLinks(dir).publish([one, two])).toBeUndefined()
    expect(readdirSync(linksIn(dir))).toHaveLength(2)
    expect(statSync(linksIn(dir)).mode & 0o777).toBe(0o700)
    expect(statSync(fileOf(one)).mode & 0o777).toBe(0o600)
  })

  test('holds a token that is good for its folder and this start of the bot only', () => {
    const links = new AgentLinks(dir)
    links.publish([one, two])
    const token = tokenOf(one)
    expect(links.allows(one, token)).toBe(true)
    expect([links.allows(two, token), links.allows(one, ''), links.allows(one, `${token}x`)]).toEqual([false, false, false])
    const next = new AgentLinks(dir)
    expect(next.allows(one, token)).toBe(false)
    next.publish([one])
    expect(next.allows(one, tokenOf(one))).toBe(true)
  })
})

describe('where a session takes place', () => {
  const state = () => ({ id: '10', channelId: '20', guildId: '30', directory: one, thread: { kind: 'open', id: '10' } })
  const ask = async (directory: string, token: string, session: string): Promise<unknown> => {
    const store = {
      conversationOfSession: async (id: string) => (id === 'ses_1' ? '10' : undefined),
      load: async () => ({ state: state(), inbox: [] }),
    }
    const bot = { composed: { store } as unknown as Composed, standDown: () => undefined, restart: () => undefined, links }
    return AGENT_ROUTES['POST /agent/place']?.({ directory, token, session }, bot satisfies BotHandle)
  }
  let links = new AgentLinks('')
  beforeEach(() => {
    links = new AgentLinks(dir)
    links.publish([one, two])
  })

  test('is told to a call with the token of its folder', async () => {
    expect(await ask(one, tokenOf(one), 'ses_1')).toEqual({ threadId: '10', channelId: '20', guildId: '30' })
  })

  test.each([
    ['the token of another folder', () => ask(one, tokenOf(two), 'ses_1'), 'not of this folder'],
    ['no token', () => ask(one, '', 'ses_1'), 'not of this folder'],
    ['a session of another folder', () => ask(two, tokenOf(two), 'ses_1'), 'no thread'],
    ['a session that no conversation has', () => ask(one, tokenOf(one), 'ses_child'), 'no thread'],
  ])('is told to nobody with %s', async (_, call, why) => {
    expect(String(await call())).toContain(why)
  })
})

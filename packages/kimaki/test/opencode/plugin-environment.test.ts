/** How our plugin reaches a server, and that the agent's shell gets none of it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linksIn, pluginEnvironment } from '../../src/opencode/plugin/environment.ts'
import { agentShell } from '../../src/opencode/secrets/agent-shell.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kimaki-plugin-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const PLUGIN = '/somewhere/a plugin.js'
const NAMED = [pathToFileURL(PLUGIN).href]

describe('the plugin is handed over', () => {
  test('by a file of ours in the data folder', () => {
    const added = pluginEnvironment(folder, {}, PLUGIN)
    expect(JSON.parse(readFileSync(added['OPENCODE_CONFIG'] ?? '', 'utf8'))).toEqual({ plugin: NAMED })
    expect(added).toMatchObject({ npm_config_fetch_retries: '0', KIMAKI_AGENT_LINKS: linksIn(folder) })
  })

  test.each([
    ['the only one', undefined, { plugin: NAMED }],
    ['beside content of the user', '{"model":"a/b","plugin":["theirs"]}', { model: 'a/b', plugin: ['theirs', ...NAMED] }],
  ])('where the user names a configuration of their own, which stays: %s', (_, content, expected) => {
    const user = { OPENCODE_CONFIG: '/theirs.json', ...(content !== undefined && { OPENCODE_CONFIG_CONTENT: content }) }
    const added = pluginEnvironment(folder, user, PLUGIN)
    expect(added['OPENCODE_CONFIG']).toBeUndefined()
    expect(JSON.parse(added['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual(expected)
  })

  test('not at all where the content of the user is no plain JSON, or our folder takes no file', () => {
    const user = { OPENCODE_CONFIG: '/theirs.json', OPENCODE_CONFIG_CONTENT: '{ /* mine */ }' }
    expect(pluginEnvironment(folder, user, PLUGIN)).toEqual({})
    writeFileSync(join(folder, 'no-folder'), '')
    expect(pluginEnvironment(join(folder, 'no-folder'), {}, PLUGIN)).toEqual({})
  })

  test('from the checkout, where nothing was built', () => {
    expect(readFileSync(pluginEnvironment(folder, {})['OPENCODE_CONFIG'] ?? '', 'utf8')).toContain('opencode-plugin/src/main.ts')
  })

  test('with the retries of npm as the user has set them, in any spelling', () => {
    expect(pluginEnvironment(folder, { NPM_CONFIG_FETCH_RETRIES: '5' }, PLUGIN)).not.toHaveProperty('npm_config_fetch_retries')
  })
})

describe("the agent's shell has what the user has", () => {
  test.each([
    ['nothing', {}],
    ['a configuration', { OPENCODE_CONFIG: '/theirs.json' }],
    [
      'a configuration and content with quotes',
      { OPENCODE_CONFIG: '/theirs.json', OPENCODE_CONFIG_CONTENT: `{"a":"it's $HOME"}` },
    ],
    ['retries', { npm_config_fetch_retries: '7' }],
  ])('where the user has set %s', (_, own) => {
    const user = { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', ...own }
    const plugin = pluginEnvironment(folder, user, PLUGIN)
    const shell = agentShell(folder, user, Object.keys(plugin))
    const said = execFileSync(shell['SHELL'] ?? '', ['-c', 'env'], { env: { ...user, ...plugin, ...shell }, encoding: 'utf8' })
    const found = said.split('\n').filter((line) => /^(OPENCODE|npm_|KIMAKI_(?!AGENT_OF=))/.test(line))
    expect(found.toSorted()).toEqual(
      Object.entries(own)
        .map(([name, value]) => `${name}=${value}`)
        .toSorted(),
    )
  })
})

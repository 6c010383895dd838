/** What a service manager is told, and what `kimaki service` writes and removes. */
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serviceFile, type Service } from '../../src/cli/service/unit.ts'
import { runCli } from '../support/run-cli.ts'

const LINUX: Service = {
  platform: 'linux',
  home: '/home/ada',
  config: '/home/ada/.config',
  node: '/opt/node 24/bin/node',
  program: '/home/ada/lib/100%/$x/kimaki.cjs',
  dataDir: '/home/ada/"q"/.kimaki',
  path: '/home/ada/bin:/usr/bin',
}

test('systemd: paths with spaces, quotes, percent and dollar signs are said as they are', () => {
  const { file, text, variables } = serviceFile(LINUX)
  expect([file, variables]).toEqual(['/home/ada/.config/systemd/user/kimaki.service', '/home/ada/.config/kimaki/env'])
  expect(text).toMatchInlineSnapshot()
})

test('launchd: a shell reads the variables and becomes the program', () => {
  const { file, text, start } = serviceFile({
    ...LINUX,
    platform: 'darwin',
    home: '/Users/ada & co',
    config: '/Users/ada & co/.config',
  })
  expect(file).toBe('/Users/ada & co/Library/LaunchAgents/kimaki.plist')
  expect(start).toBe(`launchctl bootstrap gui/$(id -u) '/Users/ada & co/Library/LaunchAgents/kimaki.plist'`)
  expect(text).toMatchInlineSnapshot()
})

test.skipIf(process.platform !== 'linux')(
  'install writes the unit without the token, and leaves the token file that is there; uninstall removes the unit alone',
  async () => {
    const config = mkdtempSync(join(tmpdir(), 'kimaki-service-'))
    onTestFinished(() => rmSync(config, { recursive: true }))
    const env = { XDG_CONFIG_HOME: config, KIMAKI_BOT_TOKEN: 'secret-of-the-bot', PATH: process.env['PATH'] ?? '' }
    const [unit, variables] = [join(config, 'systemd/user/kimaki.service'), join(config, 'kimaki/env')]
    expect(await runCli(env, ['service', 'install'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Written: ${unit}`),
    })
    expect(readFileSync(unit, 'utf8')).not.toContain('secret-of-the-bot')
    expect(readFileSync(unit, 'utf8')).toContain(`ExecStart="${process.execPath}"`)
    expect(statSync(variables).mode & 0o777).toBe(0o600)
    writeFileSync(variables, 'KIMAKI_BOT_TOKEN=mine\n')
    await runCli(env, ['service', 'install'])
    expect(readFileSync(variables, 'utf8')).toBe('KIMAKI_BOT_TOKEN=mine\n')
    const enabled = join(config, 'systemd/user/default.target.wants/kimaki.service')
    mkdirSync(dirname(enabled))
    symlinkSync(unit, enabled)
    expect(await runCli(env, ['service', 'uninstall'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('systemctl --user stop'),
    })
    expect([unit, enabled, variables].map((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)).toEqual([
      false,
      false,
      true,
    ])
  },
)

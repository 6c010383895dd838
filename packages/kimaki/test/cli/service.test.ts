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
  expect(text).toMatchInlineSnapshot(`
    "[Unit]
    Description=Kimaki, Discord as the control surface for coding agents
    Wants=network-online.target
    After=network-online.target

    [Service]
    ExecStart="/opt/node 24/bin/node" "/home/ada/lib/100%%/$$x/kimaki.cjs" "--data-dir" "/home/ada/\\"q\\"/.kimaki"
    Environment="PATH=/home/ada/bin:/usr/bin"
    EnvironmentFile=/home/ada/.config/kimaki/env
    Restart=on-failure
    RestartSec=5
    RestartPreventExitStatus=64
    KillMode=mixed
    TimeoutStopSec=15

    [Install]
    WantedBy=default.target
    "
  `)
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
  expect(text).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
    <plist version="1.0">
    <dict>
      <key>Label</key>
      <string>kimaki</string>
      <key>ProgramArguments</key>
      <array>
        <string>/bin/sh</string>
        <string>-c</string>
        <string>set -a; . "$0"; exec "$@"</string>
        <string>/Users/ada &amp; co/.config/kimaki/env</string>
        <string>/opt/node 24/bin/node</string>
        <string>/home/ada/lib/100%/$x/kimaki.cjs</string>
        <string>--data-dir</string>
        <string>/home/ada/"q"/.kimaki</string>
      </array>
      <key>EnvironmentVariables</key>
      <dict>
        <key>PATH</key>
        <string>/home/ada/bin:/usr/bin</string>
      </dict>
      <key>RunAtLoad</key>
      <true/>
      <key>KeepAlive</key>
      <dict>
        <key>SuccessfulExit</key>
        <false/>
      </dict>
      <key>ThrottleInterval</key>
      <integer>30</integer>
    </dict>
    </plist>
    "
  `)
})

test('install writes the unit without the token, and leaves the token file that is there; uninstall removes the unit alone', async (context) => {
  if (process.platform !== 'linux') return context.skip('it would write into the home folder')
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
})

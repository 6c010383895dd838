import { delimiter } from 'node:path'
import { expect, test } from 'vitest'
import { inheritedEnvironment } from '../../src/base/environment.ts'

test('the bot’s own variables stay behind, the user’s go through', () => {
  const environment = inheritedEnvironment({
    KIMAKI_BOT_TOKEN: 't',
    KIMAKI_X: '1',
    __KIMAKI_CHILD: '1',
    OPENCODE_SERVER_USERNAME: 'me',
    HOME: '/home/me',
    NODE_OPTIONS: '-r x',
    gone: undefined,
  })
  expect(environment).toEqual({ HOME: '/home/me', NODE_OPTIONS: '-r x' })
})

test('V20: the bot token goes under whatever name it stands', () => {
  const token = 'a-token-that-is-long-enough'
  const bot = { KIMAKI_BOT_TOKEN: ` ${token} `, DISCORD_TOKEN: token, LOGIN: `bot:${token}@host`, HOME: '/home/me' }
  expect(inheritedEnvironment(bot)).toEqual({ HOME: '/home/me' })
})

test('npm’s traces go, what a user tells npm stays', () => {
  const npm = { npm_lifecycle_event: 'start', npm_package_name: 'kimaki', npm_execpath: '/n', INIT_CWD: '/repo', NODE: '/n/node' }
  const places = { npm_config_local_prefix: '/repo', npm_config_prefix: '/usr', npm_config_user_agent: 'npm/11' }
  const users = { npm_config_offline: 'true', npm_config_registry: 'https://r', npm_config_cache: '/c' }
  expect(inheritedEnvironment({ ...npm, ...places, ...users })).toEqual(users)
  // Not under npm, a prefix is the user's own.
  expect(inheritedEnvironment(places)).toEqual(places)
})

test('PATH loses the tool folders of our installation only', () => {
  const path = [
    '/repo/packages/kimaki/node_modules/.bin',
    '/repo/node_modules/.bin',
    '/npm/node-gyp-bin',
    './node_modules/.bin',
    '/usr/bin',
    '/bin',
  ]
  const environment = inheritedEnvironment({ PATH: path.join(delimiter) })
  expect(environment['PATH']).toBe(['./node_modules/.bin', '/usr/bin', '/bin'].join(delimiter))
})

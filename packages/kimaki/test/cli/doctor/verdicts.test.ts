/** `kimaki doctor`: what each fact means, and what to do about it. */
import { expect, test } from 'vitest'
import { isWell, judge, type Facts } from '../../../src/cli/doctor/verdicts.ts'

const NOW = 1_700_000_000_000
const answers = { kind: 'answer', status: 200, theirTime: NOW, readsMessages: true } as const
const WELL: Facts = {
  node: '24.21.0',
  git: '2.43.0',
  opencode: { version: '1.18.33', refused: undefined, isTried: true, isBesideNewer: false },
  hasSharp: true,
  lock: { port: 29_988, holder: { pid: 7 } },
  data: { folder: '/d', isThere: true, open: [], strangers: [], freeBytes: 8e9 },
  hasToken: true,
  discord: answers,
  now: NOW,
  channels: [{ id: '1', trouble: undefined }],
}

test('on a machine where all is right every check says so, with nothing to do', () => {
  const findings = judge(WELL)
  expect(findings.filter(({ verdict, fix }) => verdict !== 'ok' || fix !== undefined)).toEqual([])
  expect(findings.map(({ check }) => check)).toEqual([
    'node',
    'git',
    'opencode',
    'images',
    'bot',
    'files',
    'disk',
    'discord',
    'token',
    'intents',
    'clock',
    'channels',
  ])
  expect(isWell(findings)).toBe(true)
})

test.each<readonly [string, Partial<Facts>, string, RegExp]>([
  ['an old Node', { node: '22.1.0' }, 'bad node', /Node 24/],
  ['no git', { git: undefined }, 'bad git', /Install git/],
  [
    'OpenCode 2',
    { opencode: { version: '2.0.16', refused: 'OpenCode is not used', isTried: false, isBesideNewer: false } },
    'bad opencode',
    /not used\.$/,
  ],
  [
    'no OpenCode',
    { opencode: { version: undefined, refused: 'not installed', isTried: false, isBesideNewer: false } },
    'bad opencode',
    /not installed/,
  ],
  [
    'a program that says no version',
    { opencode: { version: undefined, refused: undefined, isTried: false, isBesideNewer: false } },
    'bad opencode',
    /OPENCODE_PATH/,
  ],
  [
    'an untried OpenCode',
    { opencode: { version: '1.20.0', refused: undefined, isTried: false, isBesideNewer: false } },
    'warning opencode',
    /OPENCODE_PATH/,
  ],
  ['no library for images', { hasSharp: false }, 'warning images', /omit=optional/],
  [
    'an OpenCode 2 on the same data',
    { opencode: { version: '1.18.33', refused: undefined, isTried: true, isBesideNewer: true } },
    'warning opencode data',
    /Log in with `\/login`/,
  ],
  ['another program on the port', { lock: { port: 1, holder: 'foreign' } }, 'bad bot', /KIMAKI_LOCK_PORT/],
  ['a bot that hangs', { lock: { port: 1, holder: 'silent' } }, 'bad bot', /Start kimaki again/],
  ['files that others may read', { data: { ...WELL.data, open: ['/d'] } }, 'warning files', /chmod -R go= \/d/],
  ['files of another user', { data: { ...WELL.data, strangers: ['/d/x'] } }, 'bad files', /chown/],
  ['a full disk', { data: { ...WELL.data, freeBytes: 1e6 } }, 'bad disk', /Make room/],
  ['little room', { data: { ...WELL.data, freeBytes: 5e8 } }, 'warning disk', /soon/],
  ['no way to Discord', { discord: { kind: 'unreachable', reason: 'ENOTFOUND' } }, 'bad discord', /proxy or firewall/],
  ['a Discord in trouble', { discord: { ...answers, status: 503 } }, 'warning discord', /discordstatus/],
  ['an address that is not Discord', { discord: { ...answers, status: 404 } }, 'bad discord', /KIMAKI_DISCORD_API_URL/],
  ['a wrong token', { discord: { ...answers, status: 401 } }, 'bad token', /Reset Token/],
  [
    'a machine that its gateway does not know',
    { gateway: 'gw.example', discord: { ...answers, status: 401 } },
    'bad token',
    /kimaki --gateway --restart-onboarding/,
  ],
  [
    'no way to the gateway',
    { gateway: 'gw.example', discord: { kind: 'unreachable', reason: 'ENOTFOUND' } },
    'bad discord',
    /reaches gw\.example/,
  ],
  ['no token, while the bot runs', { hasToken: false }, 'warning token', /Set it/],
  ['no token and no bot', { hasToken: false, lock: { port: 1, holder: 'nobody' } }, 'bad token', /Copy the token/],
  ['the intent off', { discord: { ...answers, readsMessages: false } }, 'bad intents', /Message Content Intent/],
  ['intents that are not told', { discord: { ...answers, readsMessages: undefined } }, 'warning intents', /portal/],
  ['a clock 20 s ahead', { now: NOW + 20_000 }, 'warning clock', /timedatectl/],
  ['a clock two hours behind', { now: NOW - 7_200_000 }, 'bad clock', /timedatectl/],
  ['rights that lack', { channels: [{ id: '1', trouble: 'Give the bot Send Messages.' }] }, 'bad channels', /Send Messages/],
  ['no channel', { channels: [] }, 'warning channels', /project link/],
  ['channels that cannot be asked about', { channels: { unknown: 'Mend the files first.' } }, 'warning channels', /first/],
])('%s is told with its fix', (_what, facts, verdict, fix) => {
  const findings = judge({ ...WELL, ...facts })
  const told = findings.filter((finding) => finding.verdict !== 'ok')
  expect(told.map((finding) => `${finding.verdict} ${finding.check}`)).toEqual([verdict])
  expect(told[0]?.fix).toMatch(fix)
  expect(isWell(findings)).toBe(verdict.startsWith('warning'))
})

test('a second of difference is none: the header has whole seconds', () => {
  expect(judge({ ...WELL, now: NOW + 1900 }).every(({ verdict }) => verdict === 'ok')).toBe(true)
})

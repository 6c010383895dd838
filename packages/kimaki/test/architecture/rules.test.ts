/** Every rule of the house can fail: small trees that break it, beside one that keeps it. */
import { describe, expect, test } from 'vitest'
import { idleDependencies, strayLibraries } from './libraries.ts'
import { inSource } from './in-source.ts'
import { parse } from './modules.ts'
import { nameViolations, packageViolations } from './packages.ts'
import { CLOCK, MAY_SKIP, OWNERS, PACKAGES, ROOMS, SMALL_WORLDS, SRC, TIMELESS_ROOMS } from './plan.ts'
import { roomViolations } from './rooms.ts'
import { shellViolations } from './shells.ts'
import { clockViolations, switchedOff } from './timeless.ts'

describe('the scanner', () => {
  const seen = (text: string) => parse(`${SRC}app/a.ts`, text)

  test('tells imports for types from those that run, and lazy ones from both', () => {
    const { imports } = seen(`
      import type { A } from '../ports/a.ts'
      import { type B } from '../ports/b.ts'
      export type { C } from './c.ts'
      export * from './d.ts'
      type E = import('./e.ts').E
      const f = await import('./f.ts')
      import 'node:fs'
    `)
    const told = imports.map(({ target, typeOnly, lazy }) => [
      target.replace(SRC, ''),
      typeOnly ? 'types' : lazy ? 'lazy' : 'runs',
    ])
    expect(Object.fromEntries(told)).toEqual({
      'ports/a.ts': 'types',
      'ports/b.ts': 'runs',
      'app/c.ts': 'types',
      'app/d.ts': 'runs',
      'app/e.ts': 'types',
      'app/f.ts': 'lazy',
      'node:fs': 'runs',
    })
  })

  test('is not misled by comments, texts and names that refer to nothing', () => {
    const { imports, names } = seen(`
      // import { x } from 'commented'
      const text = "import { x } from 'quoted'; Date.now()"
      const own = { setTimeout: 1 }
      own.setTimeout
    `)
    expect(imports).toEqual([])
    expect(names).not.toContain('Date.now')
    expect(names).not.toContain('setTimeout')
  })
})

describe('rooms', () => {
  const broken = (path: string, text: string) => roomViolations(inSource({ [path]: text }), ROOMS)

  test.each([
    ['domain/step.ts', `import type { Store } from '../ports/store.ts'`, 'domain may not import ports'],
    ['view/view.ts', `import type { Chat } from '../ports/chat.ts'`, 'view may not import ports'],
    ['ports/chat.ts', `export { step } from '../domain/step.ts'`, 'only types of domain'],
    ['app/bot.ts', `import { createChat } from '../discord/chat.ts'`, 'app may not import discord'],
    ['app/bot.ts', `const chat = await import('../discord/chat.ts')`, 'app may not import discord'],
    ['app/bot.ts', `import { x } from '../ports/chat.ts'`, 'only types of ports'],
    ['app/bot.ts', `import { createServer } from 'node:http'`, 'node:http may not be imported'],
    ['commands/abort.ts', `import { bot } from '../app/bot.ts'`, 'commands may not import app'],
    ['commands/abort.ts', `import { x } from '../ports/chat.ts'`, 'only types of ports'],
    ['view/view.ts', `import { abort } from '../commands/abort.ts'`, 'view may not import commands'],
    ['store/load.ts', `import { post } from '../discord/post.ts'`, 'store may not import discord'],
    ['discord/chat.ts', `import { bot } from '../app/bot.ts'`, 'discord may not import app'],
    ['base/ids.ts', `import { readFileSync } from 'node:fs'`, 'node:fs may not be imported'],
    ['domain/step.ts', `import { createHash } from 'node:crypto'`, 'node:crypto may not be imported'],
    ['base/ids.ts', `import { harness } from '../../test/support/harness.ts'`, 'not source of the product'],
    ['helpers/misc.ts', ``, 'no room of the plan'],
    ['index.ts', ``, 'no room of the plan'],
  ])('%s with "%s" is told: %s', (path, text, reason) => {
    expect(broken(path, text)).toEqual([expect.stringContaining(reason)])
  })

  test.each([
    ['base/ids.ts', `import { createHash } from 'node:crypto'`],
    ['domain/step.ts', `import { cut } from '../base/text.ts'`],
    ['view/view.ts', `import { queue } from '../domain/conversation/features/queue.ts'`],
    ['app/bot.ts', `import { step } from '../domain/step.ts'; import type { Store } from '../ports/store.ts'`],
    ['app/control/server.ts', `import { createServer } from 'node:http'`],
    ['app/bot.ts', `import { COMMANDS } from '../commands/index.ts'`],
    ['commands/abort.ts', `import { stop } from '../domain/stop.ts'; import type { ChatPort } from '../ports/chat.ts'`],
    ['store/load.ts', `import { begin } from '../domain/state.ts'; import { readFileSync } from 'node:fs'`],
    [
      'cli/compose.ts',
      `import { createChat } from '../discord/chat.ts'; import json from '../../package.json' with { type: 'json' }`,
    ],
  ])('%s with "%s" is fine', (path, text) => {
    expect(broken(path, text)).toEqual([])
  })
})

describe('packages', () => {
  const plan = { packages: PACKAGES, smallWorlds: SMALL_WORLDS }
  const broken = (path: string, text: string) => packageViolations([parse(path, text)], plan)

  test.each([
    ['packages/kimaki/src/cli/run.ts', `import { startEmulator } from 'discord-emulator'`],
    ['packages/kimaki/src/cli/run.ts', `import type { Finding } from '../../../checker/src/index.ts'`],
    ['packages/playground/src/main.ts', `import { run } from 'kimaki'`],
    ['packages/playground/test/page.test.ts', `import { run } from '../../kimaki/src/cli/run.ts'`],
    ['packages/discord-emulator/src/main.ts', `import { startScriptedModel } from 'scripted-model'`],
    ['packages/newcomer/src/main.ts', ``],
  ])('%s with "%s" is told', (path, text) => {
    expect(broken(path, text)).toHaveLength(1)
  })

  test('tests and benchmarks of the product may use the small worlds', () => {
    const text = `import { startEmulator } from 'discord-emulator'`
    expect(broken('packages/kimaki/test/a.test.ts', text)).toEqual([])
    expect(broken('packages/kimaki/bench/main.ts', text)).toEqual([])
  })

  test('a small world that names the product is told', () => {
    const told = nameViolations(
      new Map([['packages/checker/src/a.ts', `/** Reads what Kimaki says. */`]]),
      SMALL_WORLDS,
      'kimaki',
    )
    expect(told).toHaveLength(1)
  })
})

describe('libraries', () => {
  test('outside their owner, or without one, are told', () => {
    const modules = inSource({
      'app/bot.ts': `import { pino } from 'pino'`,
      'discord/chat.ts': `import type { x } from '@discordjs/voice/deep'`,
      'host/files.ts': `import { pino } from 'pino'`,
      'opencode/agent.ts': `import { DatabaseSync } from 'node:sqlite'`,
    })
    expect(strayLibraries(modules, OWNERS)).toEqual([
      expect.stringContaining('app/bot.ts: pino belongs to host/log.ts'),
      expect.stringContaining('@discordjs/voice has no owner'),
      expect.stringContaining('host/files.ts: pino belongs to host/log.ts'),
      expect.stringContaining('node:sqlite belongs to store/'),
    ])
  })

  test('that nobody uses are told', () => {
    const modules = inSource({
      'host/log.ts': `import { pino } from 'pino'`,
      'opencode/process/binary.ts': `require.resolve('opencode-ai/package.json')`,
    })
    expect(idleDependencies(['pino', 'opencode-ai', 'commander', 'left-pad'], modules, OWNERS)).toEqual([
      'commander: is not used by cli/main.ts',
      'left-pad: has no owner',
    ])
  })
})

describe('time and chance', () => {
  test.each([
    `Date.now()`,
    `new Date()`,
    `Math.random()`,
    `setTimeout(stop, 5)`,
    `promisify(setTimeout)`,
    `globalThis.setInterval(tick, 5)`,
    `performance.now()`,
  ])('%s below the adapters is told', (code) => {
    for (const room of TIMELESS_ROOMS)
      expect(clockViolations(inSource({ [`${room}/a.ts`]: code }), TIMELESS_ROOMS, CLOCK)).toHaveLength(1)
  })

  test('what only reckons with a given time is fine, and so is the clock itself', () => {
    expect(
      clockViolations(inSource({ 'app/a.ts': `clock.now(); new Date(at); Date.parse(text)` }), TIMELESS_ROOMS, CLOCK),
    ).toEqual([])
    expect(clockViolations(inSource({ [CLOCK]: `Date.now()` }), TIMELESS_ROOMS, CLOCK)).toEqual([])
  })
})

describe('a shell', () => {
  const told = (code: string) => shellViolations(new Map([[`${SRC}git/git.ts`, code]]), 'host/shell/gate.ts')
  const withSpawn = (code: string) => `import { spawn } from 'node:child_process'; ${code}`

  test.each([
    `import { exec } from 'node:child_process'`,
    `import { execSync as run } from 'child_process'`,
    `import * as processes from 'node:child_process'`,
    `import processes from 'node:child_process'`,
    `export { exec } from 'node:child_process'`,
    `const { exec } = await import('node:child_process')`,
    `const { exec } = require('node:child_process')`,
    `process.getBuiltinModule('node:child_process').exec(text)`,
    withSpawn(`spawn(text, { shell: true })`),
    withSpawn(`spawn(text, { 'shell': shell })`),
    withSpawn(`const shell = true; spawn(text, { shell })`),
    withSpawn(`spawn('sh', ['-c', text])`),
    withSpawn(`spawn('bash', ['-lc', \`git switch \${branch}\`])`),
    withSpawn(`let script = 'git switch '; script += branch; spawn('sh', ['-c', script])`),
    withSpawn(`const script = 'git ' + branch; spawn('sh', ['-c', script])`),
    withSpawn(`spawn('cmd.exe', ['/d', '/c', text])`),
    withSpawn(`const GATE = 'exec sh -c "$1"'; spawn('sh', ['-c', GATE, 'sh', text])`),
    withSpawn(`spawn('sh', ['-c', 'eval "$0"', text])`),
  ])('that is given a text by "%s" is told', (code) => {
    expect(told(code)).toHaveLength(1)
  })

  test.each([
    withSpawn(`spawn('git', ['-C', folder, 'switch', '--', branch])`),
    withSpawn(`const GATE = 'read -r go && exec "$0" "$@"'; spawn('/bin/sh', ['-c', GATE, binary, port], { shell: false })`),
    `/^a/.exec(text)`,
    `const setting = { shell: '/bin/zsh' }`,
  ])('is not what "%s" is about', (code) => {
    expect(told(code)).toEqual([])
  })
})

test.each([
  `test.only('x', f)`,
  `it.skip('x', f)`,
  `describe.concurrent.only('x', f)`,
  `test.skipIf(true)('x', f)`,
  `test.todo('x')`,
])('%s is told', (code) => {
  expect(switchedOff([parse('packages/kimaki/test/a.test.ts', code)], MAY_SKIP)).toHaveLength(1)
})

test('a browser test may skip where there is no browser, but not otherwise', () => {
  const [path = ''] = MAY_SKIP
  expect(switchedOff([parse(path, `describe.skipIf(chromium === undefined)('x', f)`)], MAY_SKIP)).toEqual([])
  expect(switchedOff([parse(path, `describe.skip('x', f)`)], MAY_SKIP)).toHaveLength(1)
})

/** The rules about the shape of folders, files, functions and tests can fail: small trees that break them, beside some that keep them. */
import { describe, expect, test } from 'vitest'
import { cycles, folderCycles } from './cycles.ts'
import { excessiveFunctions, functionsOf } from './functions.ts'
import { inSource } from './in-source.ts'
import { parse } from './modules.ts'
import { orderViolations } from './orders.ts'
import { FUNCTION_LIMITS, ORDERS, SRC } from './plan.ts'
import { medianLines, tooLong, tooWide } from './sizes.ts'
import { sleepViolations } from './sleeps.ts'

describe('inside a room', () => {
  const told = (path: string, text: string) => orderViolations(inSource({ [path]: text }), ORDERS)

  test.each([
    ['discord/rest/rest.ts', `import { post } from '../outbound/post.ts'`, 'rest may not import outbound'],
    ['discord/inbound/ingest.ts', `import type { Client } from '../gateway/client.ts'`, 'inbound may not import gateway'],
    ['discord/gateway/client.ts', `import { chat } from '../chat.ts'`, 'gateway may not import chat.ts'],
    ['discord/rest/rest.ts', `import { layout } from '../layout/layout.ts'`, 'rest may not import layout'],
    ['opencode/wire/http.ts', `import { server } from '../process/server.ts'`, 'wire may not import process'],
    ['opencode/session/link.ts', `import { pool } from '../pool/pool.ts'`, 'session may not import pool'],
    ['app/intake/intake.ts', `import { run } from '../effects/run.ts'`, 'intake may not import effects'],
    ['app/retry.ts', `import { runner } from '../app/conversation/runner.ts'`, 'retry.ts may not import conversation'],
    ['cli/config.ts', `import { run } from './process/run.ts'`, 'config.ts may not import process'],
    ['domain/settings.ts', `import type { State } from './conversation/state.ts'`, 'settings.ts may not import conversation'],
    ['domain/conversation/run/submit.ts', `import { queue } from '../features/queue.ts'`, 'run may not import features'],
    ['host/shell/gate.ts', `import { shell } from '../shell.ts'`, 'shell may not import shell.ts'],
    ['discord/voice/voice.ts', ``, 'discord/voice: has no place'],
    ['opencode/stray.ts', ``, 'opencode/stray.ts: has no place'],
  ])('%s with "%s" is told: %s', (path, text, reason) => {
    expect(told(path, text)).toEqual([expect.stringContaining(reason)])
  })

  test.each([
    ['discord/chat.ts', `import { client } from './gateway/client.ts'`],
    ['discord/gateway/client.ts', `import { ingest } from '../inbound/ingest.ts'; import { fatal } from './fatal.ts'`],
    ['app/retry.ts', `import type { CommitQueue } from './commit-queue.ts'`],
    ['app/effects/prompt.ts', `import { retry } from '../retry.ts'; import type { Runner } from '../conversation/runner.ts'`],
    ['domain/conversation/step.ts', `import { FEATURES } from './features/index.ts'; import { submit } from './run/submit.ts'`],
    ['cli/entry.ts', `import { main } from './main.ts'; import { text } from '../base/text.ts'`],
  ])('%s with "%s" is fine', (path, text) => {
    expect(told(path, text)).toEqual([])
  })

  test('the small packages have an order too', () => {
    const path = 'packages/discord-emulator/src/world/realm/realm.ts'
    expect(orderViolations([parse(path, `import { send } from '../messages/send-message.ts'`)], ORDERS)).toHaveLength(1)
  })
})

describe('cycles', () => {
  test('are told with the way around them', () => {
    const told = cycles(
      inSource({
        'app/a.ts': `import { b } from './b.ts'`,
        'app/b.ts': `import { c } from './c.ts'`,
        'app/c.ts': `export * from './a.ts'`,
      }),
    )
    expect(told).toEqual([['a', 'b', 'c', 'a'].map((name) => `${SRC}app/${name}.ts`).join(' -> ')])
  })

  test('count when one side needs only types, not when it loads late', () => {
    const types = inSource({ 'app/a.ts': `import { b } from './b.ts'`, 'app/b.ts': `import type { A } from './a.ts'` })
    const late = inSource({ 'app/a.ts': `import { b } from './b.ts'`, 'app/b.ts': `const a = await import('./a.ts')` })
    expect(cycles(types)).toHaveLength(1)
    expect(cycles(late)).toEqual([])
  })

  test('of folders are told though no files import each other', () => {
    const modules = inSource({
      'app/intake/a.ts': `import { b } from '../effects/b.ts'`,
      'app/effects/b.ts': ``,
      'app/effects/c.ts': `import type { D } from '../intake/d.ts'`,
      'app/intake/d.ts': ``,
    })
    expect(cycles(modules)).toEqual([])
    expect(folderCycles(modules)).toEqual([`${SRC}app: intake -> effects -> intake`])
  })
})

test('a file over the limit is told, one at the limit is not', () => {
  const tree = new Map([
    ['packages/kimaki/test/long.test.ts', 'x\n'.repeat(6)],
    ['packages/kimaki/src/base/short.ts', 'x\n'.repeat(5)],
  ])
  expect(tooLong(tree, 5)).toEqual([expect.stringContaining('long.test.ts: 6 lines')])
  expect(medianLines(tree, SRC)).toBe(5)
})

test('a folder with too many files is told; its folders, and tests, do not count', () => {
  const files = (folder: string, count: number) =>
    Array.from({ length: count }, (_, index) => [`packages/kimaki/${folder}/${index}.ts`, ''] as const)
  const tree = new Map([...files('src/app', 4), ...files('src/app/effects', 3), ...files('src/base', 3), ...files('test', 9)])
  expect(tooWide(tree, 3)).toEqual(['packages/kimaki/src/app: 4 files, at most 3'])
})

describe('functions', () => {
  const told = (text: string) => excessiveFunctions(new Map([[`${SRC}app/a.ts`, text]]), SRC, FUNCTION_LIMITS)
  const lines = (count: number) => 'work()\n'.repeat(count)
  const shared = (count: number, kind = 'let') => {
    const names = Array.from({ length: count }, (_, index) => `v${index}`)
    return `function create() { ${names.map((name) => `${kind} ${name} = 0`).join('; ')}; return { f() { return ${names.join(' + ')} } } }`
  }

  test.each([
    ['a function', `function run() {\n${lines(79)}}`, 'a.ts:run'],
    ['an arrow function', `const run = () => {\n${lines(79)}}`, 'a.ts:run'],
    ['a method', `class A { run() {\n${lines(79)}} }`, 'a.ts:run'],
    ['one in an object', `const a = { run: async () => {\n${lines(79)}} }`, 'a.ts:run'],
    ['one without a name', `\nwatch(() => {\n${lines(79)}})`, 'a.ts:line 2'],
  ])('%s of 81 lines is told, of 80 not', (_what, text, place) => {
    expect(told(text)).toEqual([{ at: `${SRC}app/${place}`, why: '81 lines, at most 80' }])
    expect(told(text.replace('work()\n', ''))).toEqual([])
  })

  test('with five variables that an inner function uses are told, with four not', () => {
    expect(told(shared(5))).toEqual([{ at: `${SRC}app/a.ts:create`, why: 'captured: v0, v1, v2, v3, v4; at most 4' }])
    expect(told(shared(4))).toEqual([])
    expect(told(shared(9, 'const'))).toEqual([])
  })

  test('only count their own variables, and only those used inside another function', () => {
    const facts = functionsOf(
      'a.ts',
      `let top = 0
       function outer(given) {
         let [used, { also: renamed = 1 }] = given
         let unused = 0, shadowed = 0, typed = 0
         const inner = (shadowed) => { used += shadowed + top; return { unused: renamed }.unused }
         { let block = unused; block += 1 }
         type T = typeof typed
         return inner
       }`,
    )
    expect(facts.map(({ name, captured }) => [name, captured])).toEqual([
      ['module', ['top']],
      ['outer', ['used', 'renamed']],
      ['outer.inner', []],
    ])
  })

  test('the variables of a whole file count together', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const text = `${names.map((name) => `let ${name} = 0`).join('\n')}\nexport const sum = () => ${names.join(' + ')}`
    expect(told(text)).toEqual([expect.objectContaining({ at: `${SRC}app/a.ts:module` })])
  })
})

describe('a test that waits for time', () => {
  const path = 'packages/kimaki/test/a.test.ts'
  const told = (text: string, allowed: Readonly<Record<string, string>> = {}) => sleepViolations(new Map([[path, text]]), allowed)

  test.each([
    `await new Promise((resolve) => setTimeout(resolve, 5))`,
    `await promisify(globalThis.setTimeout)(5)`,
    `setInterval(look, 5)`,
    `import { setTimeout as pause } from 'node:timers/promises'`,
    `import { sleep } from '../src/base/sleep.ts'`,
    `Atomics.wait(shared, 0, 0, 50)`,
    `send('!sleep 2')`,
    `send('!for i in 1 2 3; do echo line $i; sleep 1.3; done')`,
    'send(`!sleep ${seconds}`)',
  ])('by "%s" is told', (text) => {
    expect(told(text)).toEqual([expect.stringContaining(path)])
  })

  test.each([
    `vi.useFakeTimers(); await vi.advanceTimersByTimeAsync(5000)`,
    `socket.setTimeout(5)`,
    `import { untilAborted } from '../src/base/sleep.ts'`,
    `send('!sleep 60')`,
    `send('until [ -f go ]; do sleep 0.05; done')`,
    `await untilSaid(/bash _sleep 8_/)`,
    `// setTimeout(resolve, 5), sleep 2`,
  ])('is not what "%s" is', (text) => {
    expect(told(text)).toEqual([])
  })

  test('may, where the list says why; an entry that allows nothing is told', () => {
    expect(told(`setTimeout(fail, 5)`, { [path]: 'a deadline' })).toEqual([])
    expect(told(``, { [path]: 'a deadline' })).toEqual([`${path}: does not sleep (any more)`])
  })

  test('is none in the source', () => {
    expect(sleepViolations(new Map([[`${SRC}app/a.ts`, `setTimeout(stop, 5)`]]), {})).toEqual([])
  })
})

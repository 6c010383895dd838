/** The house plan, checked: every rule is a function beside this file, shown able to fail in architecture/rules.test.ts. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { blocksIn, makeBlocks, renewed } from '../docs/blocks.ts'
import packageJson from '../package.json' with { type: 'json' }
import { ACTIONS } from '../src/app/actions/index.ts'
import { EFFECTS } from '../src/app/effects/index.ts'
import { cycles, folderCycles } from './architecture/cycles.ts'
import { declaredKinds, effectViolations } from './architecture/effects.ts'
import { excessiveFunctions } from './architecture/functions.ts'
import { idleDependencies, strayLibraries } from './architecture/libraries.ts'
import { parseTree, readSources } from './architecture/modules.ts'
import * as notYet from './architecture/not-yet.ts'
import { orderViolations } from './architecture/orders.ts'
import { nameViolations, packageViolations } from './architecture/packages.ts'
import { pointViolations } from './architecture/pages.ts'
import * as plan from './architecture/plan.ts'
import { roomViolations } from './architecture/rooms.ts'
import { shellViolations } from './architecture/shells.ts'
import { medianLines, tooLong, tooWide } from './architecture/sizes.ts'
import { sleepViolations } from './architecture/sleeps.ts'
import { clockViolations, switchedOff } from './architecture/timeless.ts'
import { POINTS } from './crash/points.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CRASH_TABLE = 'What `kill -9` does at each point'

const sources = readSources(ROOT)
const modules = parseTree(sources)
/** The source of all packages, without their tests. */
const product = modules.filter(({ path }) => path.split('/')[2] === 'src')
const pages = new Map(globSync('docs/**/*.md', { cwd: ROOT }).map((path) => [path, readFileSync(ROOT + path, 'utf8')]))
const points = POINTS.map(({ name }) => name)

test('every room imports only what the plan lets it', () => {
  expect(modules.filter(({ path }) => path.startsWith(plan.SRC)).length).toBeGreaterThan(100)
  expect(roomViolations(modules, plan.ROOMS)).toEqual([])
})

test('nobody imports the product, and the product none of the small worlds', () => {
  expect(packageViolations(modules, { packages: plan.PACKAGES, smallWorlds: plan.SMALL_WORLDS })).toEqual([])
  expect(nameViolations(sources, plan.SMALL_WORLDS, 'kimaki')).toEqual([])
})

test('imports inside a room go one way', () => {
  expect(orderViolations(modules, plan.ORDERS)).toEqual([])
})

test('no file imports itself around corners, be it for a type; no folder does', () => {
  expect(cycles(modules)).toEqual([])
  expect(folderCycles(product)).toEqual([])
})

test(`no file has more than ${plan.LONGEST_FILE} lines, and half of the product’s have far less`, () => {
  const median = medianLines(sources, plan.SRC)
  process.stdout.write(`median of the product's files: ${median} lines\n`)
  expect(tooLong(sources, plan.LONGEST_FILE)).toEqual([])
  expect(median).toBeGreaterThan(0)
  expect(median).toBeLessThanOrEqual(plan.LONGEST_MEDIAN)
})

test(`no folder of a package’s source has more than ${plan.WIDEST_FOLDER} files`, () => {
  expect(tooWide(sources, plan.WIDEST_FOLDER)).toEqual([])
})

test('no function of the product is long, and none shares many variables with those inside it', () => {
  expect(excessiveFunctions(sources, plan.SRC, plan.FUNCTION_LIMITS)).toEqual([])
})

test('tests wait for conditions, not for time', () => {
  expect(sleepViolations(sources, { ...plan.MAY_SLEEP, ...notYet.SLEEPING })).toEqual([])
})

test('what tests share registers hooks in functions only: a module is evaluated once for a worker, and its hooks count in the first file alone', () => {
  const shared = [...sources].filter(([path]) => /^packages\/[^/]+\/test\/.*(?<!\.test)\.ts$/.test(path))
  const withHooks = shared.filter(([, text]) => /^(?:before|after)(?:Each|All)\(/m.test(text)).map(([path]) => path)
  expect(withHooks).toEqual([])
})

test('every library has one owner, and every dependency is used there', () => {
  // Most are bundled, and so are no dependencies of the package that is published.
  const installed = { ...packageJson.dependencies, ...packageJson.optionalDependencies, ...packageJson.devDependencies }
  const libraries = Object.keys(plan.OWNERS).filter((name) => !name.startsWith('node:'))
  expect(Object.keys(installed)).toEqual(expect.arrayContaining(libraries))
  expect([...strayLibraries(modules, plan.OWNERS), ...idleDependencies(libraries, modules, plan.OWNERS)]).toEqual([])
})

test('what is made from the sources stands in the pages as it is made now (`npm run docs`)', () => {
  const blocks = makeBlocks(sources)
  expect([...pages]).toEqual([...pages].map(([path, page]) => [path, renewed(page, blocks)]))
  expect([...pages.values()].flatMap(blocksIn).toSorted()).toEqual(Object.keys(blocks).toSorted())
})

test('every kind of effect says why it may be run again, and something shows it', () => {
  expect(EFFECTS.length).toBeGreaterThan(0)
  expect(EFFECTS.map(({ kind }) => kind).toSorted()).toEqual(declaredKinds(sources, 'Effect').toSorted())
  expect(effectViolations(EFFECTS, `${plan.SRC}app/effects/index.ts`, { points, modules })).toEqual([])
})

test('every kind of action has somebody who does it', () => {
  expect(ACTIONS.map(({ kind }) => kind).toSorted()).toEqual(declaredKinds(sources, 'Action').toSorted())
})

test('the kill -9 table names every crash point, and the pages only tests that exist', () => {
  const tables = [...pages.values()].filter((page) => page.includes(`\n## ${CRASH_TABLE}\n`))
  expect(tables).toHaveLength(1)
  expect(pointViolations(tables.join(''), CRASH_TABLE, POINTS)).toEqual([])
  const files = [...pages.values()].flatMap((page) =>
    [...page.matchAll(/`((?:packages|test)\/[\w./-]+\.ts)`/g)].map(([, path = '']) =>
      path.replace(/^test/, 'packages/kimaki/test'),
    ),
  )
  expect(files.filter((path) => !existsSync(ROOT + path))).toEqual([])
})

test('time and chance are inputs below the adapters', () => {
  expect(clockViolations(modules, plan.TIMELESS_ROOMS, plan.CLOCK)).toEqual([])
})

test('one file alone has a shell read what somebody wrote', () => {
  expect(shellViolations(sources, plan.SHELL_OWNER)).toEqual([])
  expect(shellViolations(sources, 'nobody')).toEqual([expect.stringContaining(plan.SHELL_OWNER)])
})

/** Files of the product that hold such a text, below its source. */
const holding = (text: RegExp): readonly string[] =>
  [...sources].flatMap(([path, source]) => (path.startsWith(plan.SRC) && text.test(source) ? [path.slice(plan.SRC.length)] : []))

test('only a file of Discord, for half a minute, is asked for by fetch, which gives up on an answer after five minutes', () => {
  expect(holding(/\bawait fetch\(|globalThis\.fetch/)).toEqual(['discord/outbound/files.ts'])
  expect(modules.filter(({ imports }) => imports.some(({ target }) => target === 'undici'))).toEqual([])
})

test('that an inbox row is done says its conversation, and of a command that never gets there its receipt', () => {
  expect(holding(/\bdone: \[/)).toEqual(['app/conversation/runner.ts', 'app/intake/receipt.ts'])
})

test('no test is switched off', () => {
  expect(switchedOff(modules, plan.MAY_SKIP)).toEqual([])
})

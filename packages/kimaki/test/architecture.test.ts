/** The house plan, checked: every rule is a function beside this file, shown able to fail in architecture/rules.test.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { AFTER_A_CRASH } from '../src/domain/conversation/effect.ts'
import { cycles } from './architecture/cycles.ts'
import { effectKinds, unprovenEffects } from './architecture/effects.ts'
import { idleDependencies, strayLibraries } from './architecture/libraries.ts'
import { parseTree, readSources } from './architecture/modules.ts'
import { nameViolations, packageViolations } from './architecture/packages.ts'
import { pointViolations, treeOf, treeViolations } from './architecture/pages.ts'
import * as plan from './architecture/plan.ts'
import { roomViolations } from './architecture/rooms.ts'
import { shellViolations } from './architecture/shells.ts'
import { medianLines, tooLong } from './architecture/sizes.ts'
import { clockViolations, switchedOff } from './architecture/timeless.ts'
import { POINTS } from './crash/points.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const CRASH_TABLE = 'What `kill -9` does at each point'

const sources = readSources(ROOT)
const modules = parseTree(sources)
const page = readFileSync(`${ROOT}docs/architecture.md`, 'utf8')
const points = POINTS.map(({ name }) => name)

test('every room imports only what the plan lets it', () => {
  expect(modules.filter(({ path }) => path.startsWith(plan.SRC)).length).toBeGreaterThan(100)
  expect(roomViolations(modules, plan.ROOMS)).toEqual([])
})

test('nobody imports the product, and the product none of the small worlds', () => {
  expect(packageViolations(modules, { packages: plan.PACKAGES, smallWorlds: plan.SMALL_WORLDS })).toEqual([])
  expect(nameViolations(sources, plan.SMALL_WORLDS, 'kimaki')).toEqual([])
})

test('no file imports itself around corners', () => {
  expect(cycles(modules)).toEqual([])
})

test(`no file has more than ${plan.LONGEST_FILE} lines, and half of the product’s have far less`, () => {
  const median = medianLines(sources, plan.SRC)
  process.stdout.write(`median of the product's files: ${median} lines\n`)
  expect(tooLong(sources, plan.LONGEST_FILE)).toEqual([])
  expect(median).toBeGreaterThan(0)
  expect(median).toBeLessThanOrEqual(plan.LONGEST_MEDIAN)
})

test('every library has one owner, and every dependency is used there', () => {
  const dependencies = Object.keys(packageJson.dependencies)
  expect([...strayLibraries(modules, plan.OWNERS), ...idleDependencies(dependencies, modules, plan.OWNERS)]).toEqual([])
})

test('the tree in docs/architecture.md is true', () => {
  const files = [...sources.keys()].filter((path) => path.startsWith(plan.SRC)).map((path) => path.slice(plan.SRC.length))
  expect(treeViolations(treeOf(page, plan.SRC.slice(0, -1)), files)).toEqual([])
})

test('every kind of effect says why it may be run again, and something shows it', () => {
  const kinds = effectKinds(sources.get(`${plan.SRC}domain/conversation/effect.ts`) ?? '')
  const facts = { kinds, rows: Object.keys(AFTER_A_CRASH) }
  expect(kinds.length).toBeGreaterThan(0)
  expect(unprovenEffects(facts, plan.EFFECT_PROOFS, { points, modules })).toEqual([])
})

test('the kill -9 table in docs/architecture.md names every crash point, and tests that exist', () => {
  expect(pointViolations(page, CRASH_TABLE, POINTS)).toEqual([])
  const files = [...page.matchAll(/`((?:packages|test)\/[\w./-]+\.ts)`/g)].map(([, path = '']) =>
    path.replace(/^test/, 'packages/kimaki/test'),
  )
  expect(files.filter((path) => !existsSync(ROOT + path))).toEqual([])
})

test('time and chance are inputs below the adapters', () => {
  expect(clockViolations(modules, plan.TIMELESS_ROOMS)).toEqual([])
})

test('one file alone has a shell read what somebody wrote', () => {
  expect(shellViolations(sources, plan.SHELL_OWNER)).toEqual([])
  expect(shellViolations(sources, 'nobody')).toEqual([expect.stringContaining(plan.SHELL_OWNER)])
})

test('no test is switched off', () => {
  expect(switchedOff(modules, plan.MAY_SKIP)).toEqual([])
})

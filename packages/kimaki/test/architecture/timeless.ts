/** Rules about names in the code: time and chance are inputs, and no test is switched off. */
import type { Module } from './modules.ts'
import { SRC } from './plan.ts'
import { roomOf } from './rooms.ts'

const IMPURE = new Set([
  'Date.now',
  'new Date()',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'setTimeout',
  'setInterval',
  'setImmediate',
])

/** `clock`: the one file below `src/` of these rooms that asks the machine. */
export function clockViolations(modules: readonly Module[], rooms: readonly string[], clock: string): readonly string[] {
  return modules
    .filter(({ path }) => path.startsWith(SRC) && rooms.includes(roomOf(path)) && path !== SRC + clock)
    .flatMap(({ path, names }) =>
      [...names].filter((name) => IMPURE.has(name.replace(/^globalThis\./, ''))).map((name) => `${path}: ${name}`),
    )
}

const RUNNERS = new Set(['test', 'it', 'describe', 'suite'])
const SWITCHES = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf'])

/** `allowed`: files whose tests may skip on a condition, since they need a program that a machine may lack. */
export function switchedOff(modules: readonly Module[], allowed: readonly string[]): readonly string[] {
  return modules
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(({ path, names }) =>
      [...names]
        .map((name) => name.split('.'))
        .filter(([runner = '', ...rest]) => RUNNERS.has(runner) && rest.some((part) => SWITCHES.has(part)))
        .filter(([, ...rest]) => !(allowed.includes(path) && rest.join('.') === 'skipIf'))
        .map((name) => `${path}: ${name.join('.')}`),
    )
}

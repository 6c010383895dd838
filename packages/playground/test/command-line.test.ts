import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readWish } from '../src/command-line.ts'

it.each([
  [['--port', '9000', '--open'], undefined, { kind: 'start', ports: [9000], open: true }],
  [['-p0'], '9000', { kind: 'start', ports: [0], open: false }],
  [[], '9000', { kind: 'start', ports: [9000], open: false }],
  [['-h'], 'nonsense', { kind: 'help' }],
  [['--port', 'tea'], undefined, { kind: 'wrong', reason: 'A port is a number from 0 to 65535, but "tea" is none.' }],
  [[], '65536', { kind: 'wrong', reason: 'A port is a number from 0 to 65535, but "65536" is none.' }],
  [['--colour'], undefined, { kind: 'wrong', reason: "Unknown option '--colour'." }],
  [['tea'], undefined, { kind: 'wrong', reason: expect.stringContaining("'tea'") }],
])('%j with %s in the environment', (args, environment, wish) => {
  expect(readWish(args, environment)).toEqual(wish)
})

it('takes 8787 or one of the next twenty without a wish', () => {
  const wish = readWish([], '')
  expect(wish.kind === 'start' && [wish.ports[0], wish.ports.at(-1), wish.ports.length]).toEqual([8787, 8807, 21])
})

it('shows what there is, and ends', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8', timeout: 20_000 })
  expect(status).toBe(0)
  for (const option of ['--port', '--open', '--help']) expect(stdout).toContain(option)
})

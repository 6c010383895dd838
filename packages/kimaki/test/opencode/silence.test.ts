/** A server that lives but answers nothing. */
import { expect, test } from 'vitest'
import { SilenceWatch, type Silence } from '../../src/opencode/process/silence.ts'
import { manualClock } from '../app/support/clock.ts'

function setUp() {
  const clock = manualClock()
  const told: Silence[] = []
  let isAlive = true
  let probes = 0
  const probe = async (): Promise<boolean> => {
    probes += 1
    return isAlive
  }
  const limits = { silentMs: 30_000, deadMs: 60_000 }
  const watch = new SilenceWatch({ limits, clock, probe, onChange: (silence) => void told.push(silence) })
  return {
    clock,
    told,
    watch,
    probes: () => probes,
    stopped: (is: boolean) => void (isAlive = !is),
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 1000) {
        clock.advance(1000)
        // The answer of a probe.
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
      }
    },
  }
}

test('one that answers its probe is never told of, and neither is one that only sends events', async () => {
  const { told, pass, stopped, watch, probes } = setUp()
  await pass(600_000)
  expect([told, probes() > 100]).toEqual([[], true])
  stopped(true)
  for (let n = 0; n < 30; n += 1) {
    await pass(20_000)
    watch.sign()
  }
  expect(told).toEqual([])
})

test('nothing is said of one that is back within 30 s', async () => {
  const { told, pass, stopped } = setUp()
  stopped(true)
  await pass(24_000)
  stopped(false)
  await pass(60_000)
  expect(told).toEqual([])
})

test('after 30 s it is silent, after 60 s dead, each told once; then nobody asks it any more', async () => {
  const { told, pass, stopped, clock } = setUp()
  stopped(true)
  await pass(29_000)
  expect(told).toEqual([])
  await pass(2000)
  expect(told).toEqual(['silent'])
  await pass(28_000)
  expect(told).toEqual(['silent'])
  await pass(600_000)
  expect([told, clock.pending]).toEqual([['silent', 'dead'], 0])
})

test('one that answers after 30 s is told of as well, and may be silent once more', async () => {
  const { told, pass, stopped, watch, clock } = setUp()
  stopped(true)
  await pass(40_000)
  stopped(false)
  await pass(10_000)
  stopped(true)
  await pass(40_000)
  watch.sign()
  expect(told).toEqual(['silent', 'answers', 'silent', 'answers'])
  watch.stop()
  expect(clock.pending).toBe(0)
})

test('a bot that stood still takes no server for dead: one check counts as one', async () => {
  const { told, clock, stopped } = setUp()
  stopped(true)
  clock.jump(3_600_000)
  clock.advance(5000)
  expect(told).toEqual([])
})

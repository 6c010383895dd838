import { expect, test } from 'vitest'
import { durationText, footerText } from '../../src/view/text/footer.ts'

const facts = { folder: 'kimaki', branch: 'main', durationMs: 12_400, contextPercent: 41.6, model: 'claude-opus', agent: 'build' }

test.each([
  ['all there is to say', {}, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ claude-opus*'],
  ['another agent than build, in bold', { agent: 'plan' }, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ claude-opus ⋅ **plan***'],
  ['no branch: detached, or no git', { branch: undefined }, '*kimaki ⋅ 12s ⋅ 42% ⋅ claude-opus*'],
  ['a context limit nobody knows', { contextPercent: undefined }, '*kimaki ⋅ main ⋅ 12s ⋅ claude-opus*'],
  ['an almost empty context', { contextPercent: 0.2 }, '*kimaki ⋅ main ⋅ 12s ⋅ 0% ⋅ claude-opus*'],
  ['a turn that cost something', { cost: 0.1234 }, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ $0.12 ⋅ claude-opus*'],
  ['a turn that cost next to nothing', { cost: 0.00341 }, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ $0.0034 ⋅ claude-opus*'],
  ['a turn that cost less than can be written', { cost: 1e-7 }, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ <$0.0001 ⋅ claude-opus*'],
  ['a turn that cost nothing', { cost: 0 }, '*kimaki ⋅ main ⋅ 12s ⋅ 42% ⋅ claude-opus*'],
  ['names that look like Markdown', { folder: 'my_app', branch: 'fix/*' }, '*my\\_app ⋅ fix/\\* ⋅ 12s ⋅ 42% ⋅ claude-opus*'],
  [
    'long names',
    { folder: 'f'.repeat(31), branch: 'b'.repeat(30) },
    `*${'f'.repeat(29)}… ⋅ ${'b'.repeat(30)} ⋅ 12s ⋅ 42% ⋅ claude-opus*`,
  ],
])('a footer for %s', (_name, more, expected) => {
  expect(footerText({ ...facts, ...more })).toBe(expected)
})

test.each([
  [-5, '<1s'],
  [999, '<1s'],
  [1000, '1s'],
  [12_999, '12s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [150_000, '2m 30s'],
  [3_600_000, '1h'],
  [3_605_000, '1h'],
  [3_900_000, '1h 5m'],
  [90_000_000, '25h'],
])('%d ms is %s', (ms, expected) => {
  expect(durationText(ms)).toBe(expected)
})

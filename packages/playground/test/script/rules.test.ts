import { expect, it } from 'vitest'
import { EXAMPLES } from '../../src/script/examples.ts'
import { fullReport } from '../../src/script/full-report.ts'
import { LONG_ANSWER } from '../../src/script/long-answer.ts'
import { playgroundRules } from '../../src/script/rules.ts'
import { quoted, toolOutputs } from '../../src/script/tool-output.ts'

const rules = playgroundRules('/project')

it.each(EXAMPLES.filter(({ prompt }) => !prompt.startsWith('!')))('has a rule of its own for "$label"', ({ prompt }) => {
  const first = rules.findIndex(({ match }) => new RegExp(match).test(prompt))
  expect(first).toBeGreaterThanOrEqual(0)
  expect(first).toBeLessThan(rules.length - 1)
})

it('answers anything else too', () => {
  expect(rules.at(-1)?.match).toEqual(/[^]*/)
})

it('has an answer for several messages, and one that is too long for eight', () => {
  expect(LONG_ANSWER.length).toBeGreaterThan(3 * 1000)
  expect(fullReport().length).toBeGreaterThan(8 * 2000)
})

it('quotes what the tools of this turn printed, not those of earlier ones', () => {
  const messages = [
    { role: 'user', content: 'one' },
    { role: 'tool', content: 'earlier' },
    { role: 'user', content: 'two' },
    { role: 'assistant', content: null },
    { role: 'tool', content: [{ type: 'text', text: 'now' }] },
  ]
  const request = { sessionId: undefined, model: '', userTexts: [], toolRounds: 0, hasTools: true, body: { messages } }
  expect(toolOutputs(request)).toEqual(['now'])
})

it('leaves the middle of a long output out', () => {
  const text = Array.from({ length: 40 }, (_, index) => String(index)).join('\n')
  expect(quoted(text, 'text', 4)).toBe('```text\n0\n1\n…\n38\n39\n```')
})

/** When people are told that the system prompt of their session has changed, and when not. */
import { expect, test } from 'vitest'
import { PromptChanges } from '../src/prompt-changes.ts'

type Happening =
  | readonly ['shown', prompt: string, session?: string]
  | readonly ['asked', agent?: string, session?: string, model?: string]
  | readonly ['idle']
  | readonly ['restart']

function told(...happenings: readonly Happening[]): readonly string[] {
  const lines: string[] = []
  const begin = (): PromptChanges => new PromptChanges((session, text) => lines.push(`${session}: ${text}`))
  let changes = begin()
  for (const [kind, first, session = 'ses_1', model = 'p/m'] of happenings) {
    if (kind === 'shown') changes.shown(session, [first, 'Ours.'])
    else if (kind === 'asked') changes.asked({ session, agent: first ?? 'build', model })
    else if (kind === 'idle') changes.idle('ses_1')
    else changes = begin()
  }
  return lines
}

const request = (prompt: string, agent = 'build', session = 'ses_1', model = 'p/m'): readonly Happening[] => [
  ['shown', prompt, session],
  ['asked', agent, session, model],
]

test.each<readonly [what: string, line: string, before: string, after: string]>([
  ['a line that was changed', 'now "Be long."', 'Be brief.\nA', 'Be long.\nA'],
  ['lines that came', 'now "Use tabs." and 1 more', 'A', 'A\nUse tabs.\nNo bugs.'],
  ['a line that is gone', 'no more "Use tabs."', 'A\nUse tabs.', 'A'],
  ['another order', 'its lines are in another order', 'A\nB', 'B\nA'],
])('%s is told once', (_, line, before, after) => {
  expect(told(...request(before), ...request(after), ...request(after))).toEqual([
    `ses_1: the system prompt has changed: ${line}. This answer is not read from the provider's cache`,
  ])
})

test.each<readonly [string, readonly Happening[]]>([
  ["the day's end", [...request("A\nToday's date: Mon"), ...request("A\nToday's date: Tue")]],
  ['the same prompt', [...request('A'), ...request('A')]],
  ['another agent', [...request('A'), ...request('B', 'plan'), ...request('A')]],
  ['another model', [...request('A'), ...request('B', 'build', 'ses_1', 'p/other'), ...request('A')]],
  ['another session', [...request('A'), ...request('B', 'build', 'ses_2')]],
  [
    'titles and summaries',
    [...request('A', 'title'), ...request('B', 'title'), ...request('A', 'compaction'), ...request('B', 'compaction')],
  ],
  ['a restart of OpenCode', [...request('A'), ['restart'], ...request('B')]],
  [
    'a request that comes between',
    [...request('A'), ['shown', 'T'], ['shown', 'A'], ['asked', 'title'], ['asked'], ...request('A')],
  ],
  ['one that was given up', [...request('A'), ['shown', 'T'], ['idle'], ...request('A')]],
  ['one that nobody has shown', [['asked'], ...request('A')]],
])('no false alarm by %s', (_, happenings) => {
  expect(told(...happenings)).toEqual([])
})

test('after requests that came in between, the next change is told again', () => {
  const mixed: readonly Happening[] = [['shown', 'T'], ['shown', 'A'], ['asked', 'title'], ['asked']]
  expect(told(...request('A'), ...mixed, ...request('B'))).toHaveLength(1)
})

test('what was seen long ago is forgotten, and told no more', () => {
  const others = Array.from({ length: 100 }, (_, index) => request('A', 'build', `ses_${index + 2}`)).flat()
  expect(told(...request('A'), ...others, ...request('B'))).toEqual([])
})

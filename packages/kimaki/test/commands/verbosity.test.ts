/** `/verbosity`: what a person reads, and what the threads of the channel show from then on. */
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/commands/index.ts'
import type { AgentPart } from '../../src/domain/agent.ts'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../src/domain/conversation/step.ts'
import type { Verbosity } from '../../src/domain/prefs.ts'
import { view } from '../../src/view/index.ts'
import { answer, conversation, part, tool } from '../support/conversation.ts'

const command = (level?: string) => ({
  id: '9',
  applicationId: '8',
  token: 't',
  name: 'verbosity',
  options: level === undefined ? {} : { level },
  guildId: '2',
  channelId: '1',
  userId: '7',
  userName: 'Ann',
})
const rules = { ...DEFAULT_RULES, runCommand }
const said = (state: Conversation, level?: string) =>
  step(state, { kind: 'command', order: 1, at: 1, command: command(level) }, rules)
const replies = ({ effects }: ReturnType<typeof said>) => effects.flatMap((effect) => ('text' in effect ? [effect.text] : []))

test.each<[string, string | undefined, RegExp, Verbosity]>([
  [
    'without a level it tells what is shown',
    undefined,
    /^⬦ the threads of this channel show .*text_and_ess/,
    'text_and_essential_tools',
  ],
  ['the level that is in force', 'text_and_essential_tools', /^⬦ already set: /, 'text_and_essential_tools'],
  ['a level that nobody knows', 'loud', /^⬦ the threads/, 'text_and_essential_tools'],
  ['another level', 'text_only', /^⬦ from now on, .*\(`text_only`\)\nIt counts for runs that go on, too\.$/, 'text_only'],
])('%s', (_name, level, reply, after) => {
  const change = said(conversation(), level)
  expect(replies(change)).toEqual([expect.stringMatching(reply)])
  expect(change.state.verbosity).toBe(after)
})

test.each([
  ['the default', undefined, /\nIt is the default: nobody has set it for this channel\.$/],
  ["the channel's own", true, /\nIt was set for this channel\.$/],
])('it says that the level is %s', (_name, isVerbosityOwn, whose) => {
  const input = { kind: 'command', order: 1, at: 1, command: command() } as const
  const change = step(conversation(), input, { ...rules, ...(isVerbosityOwn && { isVerbosityOwn }) })
  expect(replies(change)).toEqual([expect.stringMatching(whose)])
})

describe('a run that goes on', () => {
  const user = { kind: 'user', id: 'msg_u', created: 1 } as const
  const read = (id: string): AgentPart => ({ ...tool(id, 'running', { filePath: id }), tool: 'read' }) as AgentPart
  const running = (verbosity: Verbosity, parts: readonly AgentPart[]): Conversation =>
    conversation(
      { status: { kind: 'busy' }, messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })] },
      { verbosity },
    )
  const keys = (state: Conversation): readonly string[] => view(state).map(({ key }) => key)
  const goesOn = (state: Conversation, verbosity?: Verbosity): Conversation =>
    step(state, { kind: 'agent', at: 2, event: part('msg_a', read('new')) }, { ...rules, ...(verbosity && { verbosity }) }).state

  test('shows more from now on, and nothing of before below it', () => {
    const { state } = said(running('text_only', [read('old'), tool('bash', 'running')]), 'tools_and_text')
    expect(keys(goesOn(state))).toEqual(['part/new'])
  })

  test('shows less at once', () => {
    const { state } = said(running('tools_and_text', [read('old'), tool('bash', 'running')]), 'text_only')
    expect(keys(goesOn(state))).toEqual([])
  })

  test('set up and down again, it shows what is new as it is now, and what is old as it ever was at most', () => {
    const up = goesOn(said(running('text_only', [read('old')]), 'tools_and_text').state)
    const down = said(up, 'text_and_essential_tools').state
    expect(keys(said(down, 'tools_and_text').state)).toEqual([])
  })

  test('in another thread of the channel follows with its next input', () => {
    expect(keys(goesOn(running('text_only', [read('old')]), 'tools_and_text'))).toEqual(['part/new'])
  })
})

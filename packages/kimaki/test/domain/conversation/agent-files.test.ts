/** Files that the agent makes: which ones a thread gets, where they stand, and what it says of those that it cannot get. */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentPart } from '../../../src/domain/agent.ts'
import { filesOf, type KeptFile } from '../../../src/domain/conversation/features/output/agent-files.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import type { Verbosity } from '../../../src/domain/prefs.ts'
import { answer, conversation, delivered, part, post, prompt, text, tool, user } from '../../support/conversation.ts'

const ASKED = user('msg_u', 1)
const MB = 1024 * 1024

const drawing = (name = 'chart.png', by = 'draw'): AgentPart => {
  const done = tool('prt_draw', 'completed')
  return done.kind === 'tool' ? { ...done, tool: by, files: [{ name }] } : done
}

/** The agent has said "Before", used a tool, and said "After". */
const having = (drawn: AgentPart, verbosity: Verbosity = 'text_and_essential_tools'): Conversation =>
  conversation(
    {
      isSynced: true,
      status: { kind: 'busy' },
      prompts: [prompt(1, delivered('msg_u', 1))],
      messages: [
        ASKED,
        answer('msg_a', ASKED, [text('prt_1', 'Before'), drawn, text('prt_2', 'After')], { finish: 'tool-calls' }),
      ],
    },
    { verbosity, thread: { kind: 'open', id: '1' } },
  )

const told = (state: Conversation, drawn = drawing()) =>
  step(state, { kind: 'agent', at: 2, event: part('msg_a', drawn) }, DEFAULT_RULES)

const reported = (state: Conversation, files: readonly KeptFile[], partId = 'prt_draw') =>
  step(state, { kind: 'report', at: 3, owner: 'agent-files', report: { partId, files } }, DEFAULT_RULES).state

const kept = (name: string, size = 4): KeptFile => ({ kind: 'kept', name, mime: 'image/png', path: `/saved/${name}`, size })

const planned = (state: Conversation) => planPosts(state, { layout, clean: (words) => words }).posts

describe('a file that a tool returns', () => {
  test('is asked for, and what the agent says after it waits until it is at hand', () => {
    const { state, actions } = told(having(drawing()))
    expect(actions).toContainEqual({ kind: 'keep-files', messageId: 'msg_a', partId: 'prt_draw', names: ['chart.png'] })
    expect(
      planned(state)
        .map(({ content }) => content)
        .join('\n'),
    ).not.toContain('After')
  })

  test('stands between what was said before and after it, with its name', () => {
    const posts = planned(reported(having(drawing()), [kept('chart.png')]))
    expect(posts).toMatchObject([
      {
        content: expect.stringMatching(/Before\n.*\n📄 chart\.png$/),
        attached: [{ name: 'chart.png', path: '/saved/chart.png' }],
      },
      { content: '⬥ After' },
    ])
  })

  test('that was posted is not asked for again, by an earlier process either', () => {
    const state = having(drawing())
    const posts = { ...state.posts, posted: new Set(['part/prt_draw/file/0']) }
    expect(told({ ...state, posts }).actions).toEqual([])
  })

  test('is let go of when its post has left, by whatever way', () => {
    const sent = post('p', { attached: [{ name: 'a', mime: 'b', path: '/saved/a', size: 1 }] })
    const state = conversation({}, { posts: { posted: new Set(), outbox: [sent], editable: [] } })
    for (const input of [
      { kind: 'posted', at: 1, postId: 'p', messageId: '2' },
      { kind: 'post-refused', at: 1, postId: 'p', fallback: 'x' },
    ] as const)
      expect(step(state, input, DEFAULT_RULES).actions).toContainEqual({ kind: 'forget-files', paths: ['/saved/a'] })
  })
})

test.each([
  ['draw', 'text_only', true],
  ['shop_screenshot', 'text_only', true],
  ['read', 'text_only', false],
  ['read', 'text_and_essential_tools', true],
  ['read', 'tools_and_text', true],
] as const)('a file of the tool %s at %s is shown: %s', (by, verbosity, isShown) => {
  const asked = told(having(drawing('a.png', by), verbosity), drawing('a.png', by)).actions.some(
    ({ kind }) => kind === 'keep-files',
  )
  expect(asked).toBe(isShown)
})

test('files that nobody has named are told apart by their tool, its call and their place; calls of other tools do not count', () => {
  const call = (id: string, by: string, count: number): AgentPart => {
    const done = tool(id, 'completed')
    const files = Array.from({ length: count }, () => ({ name: `${by}.png`, isUnnamed: true as const }))
    return done.kind === 'tool' ? { ...done, tool: by, files } : done
  }
  const parts = [call('prt_a', 'draw', 0), call('prt_b', 'shoot', 1), call('prt_c', 'draw', 2)]
  const unnamed: AgentPart = { kind: 'file', id: 'prt_d', name: 'file.png', isUnnamed: true }
  const messages = [ASKED, answer('msg_1', ASKED, parts.slice(0, 2)), answer('msg_2', ASKED, [...parts.slice(2), unnamed])]
  const state = conversation({ messages }, { verbosity: 'tools_and_text' })
  expect([...parts, unnamed].map((part) => filesOf(state, part))).toEqual([
    [],
    ['shoot-1.png'],
    ['draw-2.png', 'draw-2-2.png'],
    ['file-1.png'],
  ])
})

test('a file that the model itself makes is shown', () => {
  const made: AgentPart = { kind: 'file', id: 'prt_f', name: 'cat.png' }
  const state = having(made, 'text_only')
  expect(told(state, made).actions).toContainEqual(expect.objectContaining({ partId: 'prt_f', names: ['cat.png'] }))
  expect(planned(reported(state, [kept('cat.png')], 'prt_f'))).toMatchObject([{ attached: [{ name: 'cat.png' }] }, {}])
})

test.each<[string, string, KeptFile, RegExp]>([
  [
    'is too large',
    'film.mp4',
    { kind: 'too-large', name: 'film.mp4', size: 32.5 * MB, limit: 10 * MB, path: '/data/film.mp4' },
    /📄 film\.mp4 \(32\.5 MB\): too large to attach, Discord takes 10 MB here\nOn the machine of the bot: \/data\/film\.mp4/,
  ],
  ['is gone', 'a.png', { kind: 'missing', name: 'a.png', reason: 'it is gone' }, /📄 a\.png: not attached, it is gone/],
  [
    'has a name that is Markdown, a mention and a turn of the writing',
    '**@everyone**\n\u202Egnp.exe',
    { kind: 'missing', name: 'x', reason: 'it is gone' },
    /📄 \\\*\\\*@everyone\\\*\\\* gnp\.exe: not/,
  ],
])('a file that %s is named in a line, and nothing waits for it', (_what, name, file, line) => {
  const posts = planned(reported(having(drawing(name)), [file]))
  expect(posts).toHaveLength(1)
  expect(posts[0]?.content).toMatch(line)
  expect(posts[0]?.content).toMatch(/After$/)
})

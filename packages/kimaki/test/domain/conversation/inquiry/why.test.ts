/** Why a thread is silent: the first link that holds it up is named, for each fault that the fault tests inject, and for each state. */
import { describe, expect, test } from 'vitest'
import { linkOf, why, type Finding, type Link } from '../../../../src/domain/conversation/inquiry/why.ts'
import type { Standing, Task } from '../../../../src/domain/conversation/inquiry/standing.ts'
import type { Conversation } from '../../../../src/domain/conversation/state.ts'
import { step } from '../../../../src/domain/conversation/step.ts'
import { whyText } from '../../../../src/view/inquiry/why.ts'
import { GATEWAY_ROWS } from '../../../faults/discord/gateway.ts'
import { REST_ROWS } from '../../../faults/discord/rest.ts'
import { answer, conversation, delivered, message, post, prompt, text, tool, user } from '../../../support/conversation.ts'
import { asked, bash, form } from '../asking.ts'

const question = user('msg_u', 10)
const runs: Standing = { bot: 'runs', modelStallMs: 360_000 }
const busy = { status: { kind: 'busy' }, prompts: [prompt(1, delivered('msg_u', 10))], messages: [question] } as const
const task = (kind: string, trouble?: string): Task => ({ kind, forMs: 5000, trouble })
const unsent = { posted: new Set<string>(), outbox: [post('p')], editable: [] }
const held = { ...unsent, outbox: [post('p', { heldBy: { code: 50_013, missing: ['Send Messages in Threads'] } })] }
const submitting = { kind: 'sending', messageId: 'msg_u', parts: [], resends: 0 } as const
const after = (state: Conversation, ...inputs: readonly Parameters<typeof step>[1][]): Conversation =>
  inputs.reduce((now, input) => step(now, input).state, state)
const asking = (...asks: Parameters<typeof asked>[0][]): Conversation =>
  after(conversation(busy), ...asks.map((ask) => ({ kind: 'agent', at: 1, event: asked(ask) }) as const))
const queued = (state: Conversation): Conversation =>
  after(state, { kind: 'message', order: 9, at: 1, message: message('later. queue', { inThread: true, channelId: '1' }) })

interface Row {
  readonly state?: Conversation | undefined
  readonly standing?: Partial<Standing>
  readonly finds: Finding['kind']
  readonly link: Link | undefined
}

const CASES: Readonly<Record<string, Row>> = {
  'no bot runs': { standing: { bot: 'gone' }, finds: 'no-bot', link: 'gateway' },
  'the bot runs and does not answer': { standing: { bot: 'hangs' }, finds: 'bot-hangs', link: 'gateway' },
  'the line to the gateway is down': {
    standing: { lineDown: { reason: '4000', forMs: 9 } },
    finds: 'line-down',
    link: 'gateway',
  },
  'the disk is full': { standing: { recordDown: 'database or disk is full' }, finds: 'record-down', link: 'gateway' },
  'the past is being read': { standing: { isReadingPast: true }, finds: 'reading-past', link: 'gateway' },
  'the gateway tells nothing': { standing: { unseen: ['7'] }, finds: 'unseen', link: 'gateway' },
  'the bot may not see the channel': { standing: { isHidden: true }, finds: 'hidden', link: 'access' },
  'the bot may not read the history': { standing: { missing: ['Read Message History'] }, finds: 'hidden', link: 'access' },
  'no conversation is there': { state: undefined, finds: 'no-conversation', link: 'access' },
  'the first message is on record only': {
    state: undefined,
    standing: { untaken: { count: 1, error: undefined } },
    finds: 'untaken',
    link: 'queue',
  },
  'people talk to each other': {
    state: after(conversation(), {
      kind: 'message',
      order: 9,
      at: 1,
      message: message('@Bob look', { inThread: true, channelId: '1', namesOther: true }),
    }),
    finds: 'for-others',
    link: 'access',
  },
  'bots have talked too much': {
    state: conversation({}, { features: { bots: { inARow: 20, lastAt: 1, held: { messageId: '4', of: 'messages' } } } }),
    finds: 'bots-held',
    link: 'access',
  },
  'a request throws': { standing: { untaken: { count: 1, error: 'broke' } }, finds: 'untaken', link: 'queue' },
  'every place for agents is taken': {
    state: conversation(
      { prompts: [prompt(1, { kind: 'ready', prepared: [] })] },
      { features: { room: { during: 'discord:1', atMost: 10, state: 'waits' } } },
    ),
    finds: 'no-room',
    link: 'gates',
  },
  'a message of the session is missing': {
    state: conversation({
      ...busy,
      prompts: [...busy.prompts, prompt(2, { kind: 'ready', prepared: [] })],
      suspicion: { message: 'msg_u', isLost: true, since: 1 },
    }),
    finds: 'held',
    link: 'gates',
  },
  'a run is being stopped': {
    state: conversation({ ...busy, prompts: [...busy.prompts, prompt(2, { kind: 'ready', prepared: [] })], interrupting: 'x' }),
    finds: 'held',
    link: 'gates',
  },
  'OpenCode lives and answers nothing': {
    state: after(conversation(busy), { kind: 'server-silent', at: 1, forMs: 30_000, endsAtMs: 60_000 }),
    finds: 'agent-silent',
    link: 'agent',
  },
  'OpenCode cannot be started': {
    state: conversation({ prompts: [prompt(1, { kind: 'ready', prepared: [] })] }, { session: { kind: 'opening' } }),
    standing: { tasks: [task('open-session', 'no binary')] },
    finds: 'agent-down',
    link: 'agent',
  },
  'OpenCode cannot be reached with the next message': {
    state: conversation({ prompts: [prompt(1, submitting), prompt(2, { kind: 'ready', prepared: [] })] }),
    standing: { tasks: [task('prompt', 'connection refused')] },
    finds: 'agent-down',
    link: 'agent',
  },
  'a server is being started': {
    state: conversation({ prompts: [prompt(1, submitting)] }),
    standing: { tasks: [task('prompt')] },
    finds: 'agent-slow',
    link: 'agent',
  },
  'the session is not read yet': {
    state: conversation({ prompts: [prompt(1, { kind: 'ready', prepared: [] })], isSynced: false }),
    finds: 'agent-unread',
    link: 'agent',
  },
  'the provider refuses for now': {
    state: conversation({ ...busy, status: { kind: 'retry', attempt: 2, message: 'Rate limit', next: 2_000_000 } }),
    finds: 'refused-for-now',
    link: 'model',
  },
  'the model hangs': { state: conversation({ ...busy, stallChecks: 2 }), finds: 'stalling', link: 'model' },
  'the agent asks for a permission': { state: asking(bash('ls')), finds: 'asks', link: 'ask' },
  'the agent asks a question': { state: asking(form), finds: 'asks', link: 'ask' },
  'a queue waits for an answer': { state: queued(asking(bash('ls'))), finds: 'asks', link: 'ask' },
  'the thread is gone': { state: conversation({}, { thread: { kind: 'gone' } }), finds: 'thread-gone', link: 'posting' },
  'the thread cannot be opened': {
    state: conversation({}, { thread: { kind: 'opening' }, session: { kind: 'none' } }),
    standing: { tasks: [task('open-thread', '503')] },
    finds: 'thread-unopened',
    link: 'posting',
  },
  'the bot may not write': { state: conversation({}, { posts: held }), finds: 'posts-held', link: 'posting' },
  'a post is not answered': {
    state: conversation({}, { posts: unsent }),
    standing: { tasks: [task('post', '503')] },
    finds: 'posts-unanswered',
    link: 'posting',
  },
  'an edit is not answered': { standing: { tasks: [task('edit', '503')] }, finds: 'posts-unanswered', link: 'posting' },
  'a post waits for a limit': {
    state: conversation({}, { posts: unsent }),
    standing: { tasks: [task('post')] },
    finds: 'posts-wait',
    link: 'posting',
  },
  'the agent works': { state: conversation(busy), finds: 'works', link: undefined },
  'a tool runs': {
    state: conversation({
      ...busy,
      stallChecks: 2,
      messages: [question, answer('msg_a', question, [tool('prt_t', 'running')], { completed: undefined, finish: undefined })],
    }),
    finds: 'works',
    link: undefined,
  },
  'all is answered': { state: conversation(), finds: 'idle', link: undefined },
  'an answer is whole': {
    state: conversation({
      ...busy,
      status: { kind: 'idle' },
      messages: [question, answer('msg_a', question, [text('prt_a', 'hi')])],
    }),
    finds: 'idle',
    link: undefined,
  },
}

const find = ({ standing, ...row }: Row): Finding => why('state' in row ? row.state : conversation(), { ...runs, ...standing })

describe('the first link that holds a thread up', () => {
  test.each(Object.entries(CASES))('%s', (_what, row) => {
    const finding = find(row)
    expect({ finds: finding.kind, link: linkOf(finding) }).toEqual({ finds: row.finds, link: row.link })
  })

  test('of two the one that a message meets first is named', () => {
    const { state } = CASES['OpenCode lives and answers nothing'] ?? {}
    expect(why(state, { ...runs, lineDown: { reason: '1006', forMs: 1 } }).kind).toBe('line-down')
    expect(why(state, { ...runs, tasks: [task('post', '503')] }).kind).toBe('agent-silent')
  })

  test('is told in at most two short lines, with what to do', () => {
    for (const row of Object.values(CASES)) {
      const said = whyText(find(row))
      expect(said).toMatch(
        row.link === undefined ? /^⬦ nothing holds this up/ : new RegExp(`^⬦ held up at \\*\\*${row.link}\\*\\*: `),
      )
      expect(said.split('\n').length).toBeLessThanOrEqual(2)
      expect(said.length).toBeLessThan(400)
    }
  })
})

/** What stands while the fault lasts, by the names of the faults. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^(the line is cut|Discord asks to reconnect|the gateway closes with (4000|1001))/, 'the line to the gateway is down'],
  [/^(the bot is killed|the session is gone when the bot comes back)/, 'no bot runs'],
  [/^(the line is half open|heartbeats are not answered)/, 'the gateway tells nothing'],
  [/^(a RESUME is never answered|the gateway refuses for a while)/, 'the line to the gateway is down'],
  [/^(the session is invalid|messages come live while their thread is still being read)/, 'the past is being read'],
  [/^at the start (the gateway's address|all of Discord)/, 'the line to the gateway is down'],
  [/^the gateway closes with (4004|4013|4014)|^a 401 that is real/, 'no bot runs'],
  [/^429 /, 'a post waits for a limit'],
  [/^(500|503) three times for a post/, 'a post is not answered'],
  [
    /^(the line is reset (before|after) a post|the answer to a post is cut short|a post is (not )?taken)/,
    'a post is not answered',
  ],
  [/^a 401 that is not real/, 'a post is not answered'],
  [/^opening a thread/, 'the thread cannot be opened'],
  [/^a text is /, 'a post waits for a limit'],
  [/^typing, renames/, 'the agent works'],
  [/^a (thread|channel) is deleted in the middle/, 'the thread is gone'],
]

describe('each fault that is injected', () => {
  test.each([...GATEWAY_ROWS, ...REST_ROWS].map(({ name }) => name))('%s', (name) => {
    const named = FAULTS.filter(([pattern]) => pattern.test(name)).map(([, what]) => what)
    expect(named).toHaveLength(1)
    const row = CASES[named[0] ?? '']
    expect(row && find(row).kind).toBe(row?.finds)
  })
})

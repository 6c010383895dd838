/** Why a thread is silent: the first link that holds it up is named, for each fault that the fault tests inject, and for each state. */
import { describe, expect, test } from 'vitest'
import { linkOf, why, type Finding, type Link } from '../../../../src/domain/conversation/inquiry/why.ts'
import type { Standing, Task } from '../../../../src/domain/conversation/inquiry/standing.ts'
import type { Conversation } from '../../../../src/domain/conversation/state.ts'
import { step } from '../../../../src/domain/conversation/step.ts'
import { whyText } from '../../../../src/view/inquiry/why.ts'
import { GATEWAY_ROWS } from '../../../faults/discord/gateway.ts'
import { REST_ROWS } from '../../../faults/discord/rest.ts'
import type { FaultKind } from '../../../faults/kinds.ts'
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

/** What stands while a fault of the fault tests lasts. `todo`: what people are told to do; undefined: the thread itself has told it. */
const FAULTS: Readonly<Record<FaultKind, Row & { readonly todo: RegExp | undefined }>> = {
  'no bot runs': { standing: { bot: 'gone' }, finds: 'no-bot', link: 'gateway', todo: /^Start `kimaki` on its machine/ },
  'the bot runs and does not answer': {
    standing: { bot: 'hangs' },
    finds: 'bot-hangs',
    link: 'gateway',
    todo: /^Try again in a minute.*end its process/,
  },
  'the line to the gateway is down': {
    standing: { lineDown: { reason: '4000', forMs: 9 } },
    finds: 'line-down',
    link: 'gateway',
    todo: /^It is tried again by itself.*network of the machine/,
  },
  'the gateway tells nothing': {
    standing: { unseen: ['7'] },
    finds: 'unseen',
    link: 'gateway',
    todo: /^Wait a minute.*restart Kimaki/,
  },
  'the past is being read': {
    standing: { isReadingPast: true },
    finds: 'reading-past',
    link: 'gateway',
    todo: /^It goes on by itself/,
  },
  'the database takes nothing': {
    standing: { recordDown: 'database or disk is full' },
    finds: 'record-down',
    link: 'gateway',
    todo: /^Make room on the disk, or end the program that locks the file/,
  },
  'the bot may not see the channel': {
    standing: { isHidden: true },
    finds: 'hidden',
    link: 'access',
    todo: /^Give the role of the bot "View Channel"/,
  },
  'the bot may not read the history': {
    standing: { missing: ['Read Message History'] },
    finds: 'hidden',
    link: 'access',
    todo: /^Give the role of the bot "Read Message History"/,
  },
  'a request throws': {
    standing: { untaken: { count: 1, error: 'broke' } },
    finds: 'untaken',
    link: 'queue',
    todo: /^It is tried again by itself; after three times the thread is told/,
  },
  'OpenCode lives and answers nothing': {
    state: after(conversation(busy), { kind: 'server-silent', at: 1, forMs: 30_000, endsAtMs: 60_000 }),
    finds: 'agent-silent',
    link: 'agent',
    todo: /it is ended and started again/,
  },
  'OpenCode cannot be reached': {
    state: conversation({ prompts: [prompt(1, { kind: 'ready', prepared: [] })] }, { session: { kind: 'opening' } }),
    standing: { tasks: [task('open-session', 'no binary')] },
    finds: 'agent-down',
    link: 'agent',
    todo: /^It is tried again by itself.*run `opencode` in the folder/,
  },
  'OpenCode is slow': {
    state: conversation({ prompts: [prompt(1, submitting)] }),
    standing: { tasks: [task('prompt')] },
    finds: 'agent-slow',
    link: 'agent',
    todo: /^A server that starts takes some seconds/,
  },
  'the session is not read yet': {
    state: conversation({ prompts: [prompt(1, { kind: 'ready', prepared: [] })], isSynced: false }),
    finds: 'agent-unread',
    link: 'agent',
    todo: /^If it lasts.*run `opencode` in the folder/,
  },
  'the provider refuses for now': {
    state: conversation({ ...busy, status: { kind: 'retry', attempt: 2, message: 'Rate limit', next: 2_000_000 } }),
    finds: 'refused-for-now',
    link: 'model',
    todo: /^OpenCode asks it again <t:.*run `\/abort`/,
  },
  'the model hangs': {
    state: conversation({ ...busy, stallChecks: 2 }),
    finds: 'stalling',
    link: 'model',
    todo: /the run is stopped.*run `\/abort`/,
  },
  'the agent asks for a permission': {
    state: asking(bash('ls')),
    finds: 'asks',
    link: 'ask',
    todo: /^Press a button of the card/,
  },
  'the agent asks a question': { state: asking(form), finds: 'asks', link: 'ask', todo: /^Press a button of the card/ },
  'the run ends with a reason': { state: conversation(), finds: 'idle', link: undefined, todo: undefined },
  'the thread is gone': {
    state: conversation({}, { thread: { kind: 'gone' } }),
    finds: 'thread-gone',
    link: 'posting',
    todo: /^Write in the project channel to begin a new one/,
  },
  'the thread cannot be opened': {
    state: conversation({}, { thread: { kind: 'opening' }, session: { kind: 'none' } }),
    standing: { tasks: [task('open-thread', '503')] },
    finds: 'thread-unopened',
    link: 'posting',
    todo: /^It is tried again by itself/,
  },
  'the bot may not write': {
    state: conversation({}, { posts: held }),
    finds: 'posts-held',
    link: 'posting',
    todo: /Send Messages in Threads/,
  },
  'a post is not answered': {
    state: conversation({}, { posts: unsent }),
    standing: { tasks: [task('post', '503')] },
    finds: 'posts-unanswered',
    link: 'posting',
    todo: /^It is tried again by itself, and stands once/,
  },
  'an edit is not answered': {
    standing: { tasks: [task('edit', '503')] },
    finds: 'posts-unanswered',
    link: 'posting',
    todo: /^It is tried again by itself, and stands once/,
  },
  'a post waits for a limit': {
    state: conversation({}, { posts: unsent }),
    standing: { tasks: [task('post')] },
    finds: 'posts-wait',
    link: 'posting',
    todo: /rate limit.*goes on by itself/,
  },
  'a text is refused': {
    state: conversation({}, { posts: unsent }),
    standing: { tasks: [task('post')] },
    finds: 'posts-wait',
    link: 'posting',
    todo: /goes on by itself/,
  },
  'what no answer needs fails': {
    state: conversation(busy),
    finds: 'works',
    link: undefined,
    todo: /^To stop it, run `\/abort`/,
  },
}

/** How it may stand without a fault. */
const STATES: Readonly<Record<string, Row>> = {
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
  'OpenCode cannot be reached with the next message': {
    state: conversation({ prompts: [prompt(1, submitting), prompt(2, { kind: 'ready', prepared: [] })] }),
    standing: { tasks: [task('prompt', 'connection refused')] },
    finds: 'agent-down',
    link: 'agent',
  },
  'a queue waits for an answer': { state: queued(asking(bash('ls'))), finds: 'asks', link: 'ask' },
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

const told = (row: Row): readonly string[] => whyText(find(row)).split('\n')

describe('each fault that is injected', () => {
  test.each(Object.entries(FAULTS))('%s', (_what, { todo, ...row }) => {
    const finding = find(row)
    expect({ finds: finding.kind, link: linkOf(finding) }).toEqual({ finds: row.finds, link: row.link })
    expect(told(row)[1] ?? 'nothing').toMatch(todo ?? /^nothing$/)
  })

  test('has its kind in the table', () => {
    const kinds = new Set([...GATEWAY_ROWS, ...REST_ROWS].map(({ kind }) => kind))
    expect([...kinds].filter((kind) => !Object.hasOwn(FAULTS, kind))).toEqual([])
  })
})

describe('the first link that holds a thread up', () => {
  test.each(Object.entries(STATES))('%s', (_what, row) => {
    const finding = find(row)
    expect({ finds: finding.kind, link: linkOf(finding) }).toEqual({ finds: row.finds, link: row.link })
  })

  test('of two the one that a message meets first is named', () => {
    const { state } = FAULTS['OpenCode lives and answers nothing']
    expect(why(state, { ...runs, lineDown: { reason: '1006', forMs: 1 } }).kind).toBe('line-down')
    expect(why(state, { ...runs, tasks: [task('post', '503')] }).kind).toBe('agent-silent')
  })

  test('is told in at most two short lines, with what to do', () => {
    for (const row of [...Object.values(FAULTS), ...Object.values(STATES)]) {
      const lines = told(row)
      expect(lines[0]).toMatch(
        row.link === undefined ? /^⬦ nothing holds this up/ : new RegExp(`^⬦ held up at \\*\\*${row.link}\\*\\*: `),
      )
      expect(lines.length).toBeLessThanOrEqual(2)
      expect(lines.join('\n').length).toBeLessThan(400)
    }
  })
})

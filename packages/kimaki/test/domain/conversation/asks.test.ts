/** What the agent asks: who answers it, with what, and in which state its card ends. */
import { describe, expect, test } from 'vitest'
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { withFilesOf } from '../../../src/app/files-of-asks.ts'
import type { AgentEvent } from '../../../src/domain/agent.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { Author, IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, idle, message, OWNER, prompt, SESSION, user } from '../../support/conversation.ts'
import { asked, bash, form, Thread } from './asking.ts'

describe('a permission', () => {
  test('stands on a card with exactly what is asked, and waits for a person', () => {
    const thread = new Thread().asks(bash('rm -rf build'))
    expect(thread.cards).toEqual([
      '⬦ The agent asks to use **bash**\n```sh\nrm -rf build\n```\n-# *Allow always* allows for every session in this project: `rm *`\n-# A reply to this message denies it too, with your words as the reason.',
    ])
    const card = thread.card('per_rm -rf build')
    expect(card).toMatchObject({ notify: true, editable: true })
    expect(card?.buttons?.map(({ label }) => label)).toEqual(['Allow once', 'Allow always', 'Deny', 'Deny with a reason…'])
    expect(thread.answers).toEqual([])
  })

  test.each([
    ['Allow once', 'allow-ask', '✓ allowed once by **ada**'],
    ['Deny', 'reject-ask', '✗ denied by **ada**: the run was stopped'],
    ['Allow always', 'allow-ask', '✓ allowed always by **ada**: `date *`\n-# `/permissions` takes it back.'],
  ])('%s', (label, kind, end) => {
    const thread = new Thread().asks(bash('date')).press(label).ends()
    expect(thread.answers).toEqual([{ kind, id: 'per_date' }])
    expect(thread.cards).toEqual([`⬦ The agent asks to use **bash**\n\`\`\`sh\ndate\n\`\`\`\n${end}`])
    expect(thread.card('per_date')?.buttons).toEqual([])
  })

  test('P-081: is answered once, whoever presses what afterwards', () => {
    const thread = new Thread().asks(bash('date'))
    const ids = thread.card('per_date')?.buttons?.map(({ id }) => id) ?? []
    for (const id of [...ids, ...ids]) thread.pressId(id)
    thread.ends()
    for (const id of ids) thread.pressId(id)
    expect(thread.answers).toEqual([{ kind: 'allow-ask', id: 'per_date' }])
  })

  test('a button whose card had other words answers nothing', () => {
    const other = new Thread().asks(bash('rm -rf /', { id: 'per_1' })).card('per_1')?.buttons?.[0]?.id ?? ''
    const thread = new Thread().asks(bash('date', { id: 'per_1' })).pressId(other)
    for (const id of ['ask-allow:per_1', 'ask-allow:per_1/', 'ask-allow:per_2/x', 'ask-allow:', 'ask-pick:per_1/x/0/0'])
      thread.pressId(id)
    expect(thread.answers).toEqual([])
  })

  test('P-082: what parallel tools ask alike has one card, and one press answers it', () => {
    const thread = new Thread().asks(bash('date'), bash('date', { id: 'per_twin' }), bash('ls'))
    expect(thread.cards).toHaveLength(2)
    thread.press('Allow once').ends()
    expect(thread.answers.map((answer) => (answer as { readonly id: string }).id)).toEqual(['per_date', 'per_twin'])
    expect(thread.cards.map((text) => text.includes('allowed once'))).toEqual([true, false])
  })

  test('the same asked again later has a card of its own, and so has a twin that is left alone', () => {
    const thread = new Thread()
      .asks(bash('date'))
      .press('Allow once')
      .ends()
      .asks(bash('date', { id: 'per_later' }))
    expect(thread.card('per_later')?.buttons).toHaveLength(4)
    const event = { kind: 'ask-answered', session: SESSION, askId: 'per_later', isRejected: false } as const
    thread.asks(bash('date', { id: 'per_twin' })).hears(event)
    expect(thread.card('per_twin')?.buttons).toHaveLength(4)
  })

  test('a reply to its card denies it with these words, and is no prompt', () => {
    const thread = new Thread().asks(bash('npm i'))
    thread.says('use pnpm', thread.first)
    expect(thread.answers).toEqual([{ kind: 'reject-ask', id: 'per_npm i', words: 'use pnpm' }])
    expect(thread.cards[0]).toMatch(/✗ denied by \*\*\w+\*\*: use pnpm$/)
    expect(thread.state.turn.prompts).toEqual([])
  })

  test('Deny with a reason: the agent gets the words of the modal and goes on, once', () => {
    const thread = new Thread().asks(bash('npm i'), bash('npm i', { id: 'per_twin' }))
    const { id = '' } = thread.card('per_npm i')?.buttons?.find(({ label }) => label.startsWith('Deny with')) ?? {}
    thread.pressId(id, { words: ' use pnpm ' }).pressId(id, { words: 'late' }).ends()
    expect(thread.answers).toEqual([
      { kind: 'reject-ask', id: 'per_npm i', words: 'use pnpm' },
      { kind: 'reject-ask', id: 'per_twin', words: 'use pnpm' },
    ])
    expect(thread.cards[0]).toMatch(/✗ denied by \*\*ada\*\*: use pnpm$/)
    expect(asks.hasStopped?.(asks.of(thread.state), 'msg_1')).toBe(false)
  })

  test('Deny with a reason while the session asks for more: OpenCode would reject that without words, so the words come as a message, too', () => {
    const thread = new Thread().asks(bash('npm i'), bash('ls'))
    const id = thread.card('per_npm i')?.buttons?.at(-1)?.id ?? ''
    thread.pressId(id, { words: 'use pnpm' })
    expect(thread.answers).toEqual([
      { kind: 'reject-ask', id: 'per_npm i', words: 'use pnpm' },
      { kind: 'reject-ask', id: 'per_ls', words: expect.stringContaining('A new message of the user follows') as string },
    ])
    expect(thread.state.turn.prompts.map(({ message }) => message.text)).toEqual(['I did not allow this: bash: npm i\nuse pnpm'])
  })

  test.each(['', ' \n', undefined])('Deny with a reason that is %j answers nothing', (words) => {
    const thread = new Thread().asks(bash('npm i')).press('Deny with a reason…', undefined, words === undefined ? {} : { words })
    expect(thread.answers).toEqual([])
  })

  test('P-084: any other message to the agent denies it, says so to the agent, and is read next', () => {
    const thread = new Thread().asks(bash('npm i')).says('wait').ends()
    expect(thread.answers).toEqual([
      { kind: 'reject-ask', id: 'per_npm i', words: expect.stringContaining('new message of the user follows') as string },
    ])
    expect(thread.cards[0]).toMatch(/✗ denied: a new message followed$/)
    expect(thread.state.turn.prompts).toMatchObject([{ message: { text: 'wait' } }])
  })

  test.each(['next. queue', '!ls', 'why. btw'])('%s leaves it open', (text) => {
    const thread = new Thread().asks(bash('npm i')).says(text)
    expect(thread.answers).toEqual([])
    expect(asks.of(thread.state).asks[0]?.phase.kind).toBe('open')
  })

  test('what does not fit the card comes with it as a file, and no fence ends early', () => {
    const command = `echo "\`\`\`" && ${'x'.repeat(5000)}`
    const card = new Thread().asks(bash(command)).card(`per_${command}`)
    expect(card?.file?.text).toBe(command)
    expect(card?.text.length).toBeLessThanOrEqual(2000)
    expect(card?.text.match(/```/g)).toHaveLength(2)
  })
})

describe('an ask that nobody answers here ends in one visible state', () => {
  const answeredBy = (isRejected: boolean): AgentEvent => ({
    kind: 'ask-answered',
    session: SESSION,
    askId: 'per_date',
    isRejected,
  })
  test.each<[string, Input, RegExp]>([
    ['answered in a terminal', { kind: 'agent', at: 1, event: answeredBy(false) }, /✓ answered, not by this card$/],
    ['denied with another one', { kind: 'agent', at: 1, event: answeredBy(true) }, /✗ denied, not by this card$/],
    ['its run is over', { kind: 'agent', at: 1, event: idle }, /⬦ expired: the run that asked is over$/],
    ['its server has ended', { kind: 'server-ended', at: 1 }, /⬦ expired/],
    [
      'read again, the session is idle',
      {
        kind: 'snapshot',
        at: 1,
        snapshot: { status: { kind: 'idle' }, messages: [user('msg_1', 1)], title: undefined },
        meanwhile: [],
      },
      /⬦ expired/,
    ],
  ])('%s', (_why, input, end) => {
    const thread = new Thread().asks(bash('date')).take(input)
    expect(thread.cards).toEqual([expect.stringMatching(end)])
    expect(thread.card('per_date')?.buttons?.filter(({ label }) => label !== 'Go on')).toEqual([])
    // OpenCode lists what was aborted until it ends itself.
    expect(thread.asks(bash('date')).cards).toEqual([expect.stringMatching(end)])
    expect(thread.answers).toEqual([])
  })

  test('answered too late, it says so', () => {
    expect(new Thread().asks(bash('date')).press('Allow once').ends('gone').cards).toEqual([expect.stringMatching(/⬦ expired/)])
  })
})

describe('files that people sent', () => {
  test.each([
    ['of this thread', '1', {}, true],
    ['of another thread', '2', {}, false],
    ['of the thread it is a copy of', '2', { 'copied-from': ['2'] }, true],
  ] as const)('%s', (_, filesOf, features, isAllowed) => {
    const ask = bash('x', { filesOf })
    const { state, effects } = step(conversation({}, { features }), { kind: 'agent', at: 1, event: asked(ask) })
    expect(effects.map(({ kind }) => kind)).toEqual(isAllowed ? ['allow-ask', 'audit'] : ['audit'])
    expect(view(state)).toHaveLength(isAllowed ? 0 : 1)
    const [effect] = effects
    if (effect?.kind === 'allow-ask')
      expect(step(state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'gone' } })).toMatchObject({ effects: [], state })
  })

  test('only an ask for paths outside the project is looked up', () => {
    const files = { ownerOf: (patterns: readonly string[]) => (patterns[0] === '/data/attachments/1/*' ? '1' : undefined) }
    const outside = (path: string): AgentEvent => asked(bash('x', { outside: [path] }))
    expect(withFilesOf(outside('/data/attachments/1/*'), files)).toMatchObject({ ask: { filesOf: '1' } })
    expect(withFilesOf(outside('/etc/*'), files)).toEqual(outside('/etc/*'))
    expect(withFilesOf(asked(bash('x')), files)).toEqual(asked(bash('x')))
  })
})

describe('while the agent waits for a person', () => {
  const during = (facts: Partial<IncomingMessage> = {}): Thread => {
    const thread = new Thread()
    const prompts = [prompt(1, delivered('msg_1', 1), { message: message('go', { id: '1', ...facts }) })]
    thread.state = { ...thread.state, turn: { ...thread.state.turn, prompts } }
    return thread
  }
  const bot: Author = { kind: 'person', id: '5', name: 'bot', isBot: true }
  const program: Author = { kind: 'program', name: 'kimaki send', userId: '5' }
  const letInBy = { userId: '6', name: 'bob' }

  test.each<[who: string, facts: Partial<IncomingMessage>, pinged: string | undefined]>([
    ['the author of the message', { author: { kind: 'person', id: '5', name: 'ada' } }, '5'],
    ['of a message that was let in, whoever let it in', { author: { kind: 'person', id: '5', name: 'eve' }, letInBy }, '6'],
    ['of a message of another bot, nobody', { author: bot }, undefined],
    ['of a program that speaks for a person, nobody', { author: program }, undefined],
    ['of a schedule, nobody', { author: { ...program, kind: 'schedule' } }, undefined],
  ])('its card pings %s', (_, facts, pinged) => {
    const [permission, question] = [bash('date'), { ...form, id: 'que_2' }]
    const thread = during(facts).asks(permission, question)
    const cards = [permission, question].map(({ id }) => thread.card(id))
    expect(cards.map((card) => card?.pings)).toEqual([pinged, pinged])
    expect(cards.map((card) => /<@(\d+)>/.exec(card?.text ?? '')?.[1])).toEqual([pinged, pinged])
  })

  test('the ping leaves the card with its end, and a terminal that prompts is not pinged', () => {
    const thread = during().asks(bash('date')).press('Allow once').ends()
    expect(thread.card('per_date')).not.toHaveProperty('pings')
    expect(thread.cards[0]).not.toContain('<@')
    expect(new Thread().asks(bash('date')).card('per_date')).not.toHaveProperty('pings')
  })

  test('the longest card has room for it, and its post alone is to ping', () => {
    const command = `echo ${'x'.repeat(5000)}`
    const thread = during().asks(bash(command, { always: Array.from({ length: 50 }, (_, n) => `${'y'.repeat(90)}${n} *`) }))
    const card = thread.card(`per_${command}`)
    expect([card?.pings, (card?.text.length ?? 0) <= 2000]).toEqual([OWNER, true])
    const { posts } = planPosts(
      { ...thread.state, turn: { ...thread.state.turn, isSynced: true } },
      { layout: () => [], clean: (text) => text },
    )
    expect(posts).toMatchObject([{ pings: OWNER, content: card?.text, editable: true }])
  })
})

/** What a very long answer costs: the processor time grows with its length, not with length times pieces. */
import { describe, expect, test } from 'vitest'
import { transact } from '../../../src/app/conversation/transaction.ts'
import { Secrets } from '../../../src/base/redact.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentEvent } from '../../../src/domain/agent.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES } from '../../../src/domain/conversation/step.ts'
import {
  answer,
  busy,
  conversation,
  delivered,
  idle,
  part,
  prompt,
  says,
  SESSION,
  text,
  tool,
  user,
} from '../../support/conversation.ts'

const SECRETS = new Secrets(['Qm9_t-T0ken.with-many-signs-in-it-4711'])
const PIECES = 2000
const PIECE = 'One more line of an answer with *some* words, [a link](https://example.org) and `code`.\n\n'.repeat(28)

const asked = user('msg_1', 10)
const taken = (state: Conversation, events: readonly AgentEvent[]): Conversation =>
  events.reduce(
    (before, event) =>
      transact(
        before,
        before,
        { kind: 'agent', at: 1, event },
        { rules: DEFAULT_RULES, layout, clean: (words) => SECRETS.clean(words) },
      ).after,
    state,
  )
const whileAsked = (): Conversation => conversation({ prompts: [prompt(1, delivered('msg_1', 10))], messages: [asked] })

/** Milliseconds of processor time of this thread: other files run beside it. */
function cost(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user: own, system } = process.threadCpuUsage(before)
  return (own + system) / 1000
}

describe('V31: an answer of 5 MB in 2,000 pieces', () => {
  const open = answer('msg_a', asked, [], { completed: undefined, finish: undefined })
  const piece: AgentEvent = { kind: 'delta', session: SESSION, messageId: 'msg_a', partId: 'prt_a', text: PIECE }
  const begin = [says(asked), busy, says(open), part('msg_a', text('prt_a', '', false))]

  test('is shown as a beginning and a file, for less than 2 s of processor time', () => {
    const whole = PIECE.repeat(PIECES)
    const end = [part('msg_a', text('prt_a', whole)), says(answer('msg_a', asked, [text('prt_a', whole)])), idle]
    let after = whileAsked()
    const spent = cost(() => {
      after = taken(after, [...begin, ...Array.from({ length: PIECES }, () => piece), ...end])
    })
    expect(after.posts.outbox).toMatchObject([{ file: { name: 'answer.md', text: `⬥ ${whole.trim()}\n` } }])
    expect(spent).toBeLessThan(2000)
  })

  test('is not read again with every piece, also behind summaries of the session', () => {
    const summaries = [1, 2, 3, 4].flatMap((number) => [
      says(answer(`msg_s${number}`, asked, [], { summary: true, created: 11 + number })),
      says(answer(`msg_w${number}`, asked, [], { created: 11 + number })),
      part(`msg_w${number}`, text(`prt_w${number}`, 'words')),
    ])
    const state = taken(whileAsked(), [says(asked), busy, ...summaries, says({ ...open, created: 99 }), ...begin.slice(3)])
    const spent = cost(() =>
      taken(
        state,
        Array.from({ length: PIECES }, () => piece),
      ),
    )
    expect(spent).toBeLessThan(2000)
  })

  test('is not read again with each of 500 tools that follow it', () => {
    const closed = taken(whileAsked(), [...begin, part('msg_a', text('prt_a', PIECE.repeat(PIECES)))])
    const spent = cost(() =>
      taken(
        closed,
        Array.from({ length: 500 }, (_, index) => part('msg_a', tool(`prt_t${index}`, 'running'))),
      ),
    )
    expect(spent).toBeLessThan(2000)
  })
})

test.each([
  ['prose', PIECE],
  ['one line without a space', 'x'.repeat(2500)],
  ['short lines', 'a\n'.repeat(1250)],
  ['a code block', '```js\nlet x = 1\n```\n'.repeat(130)],
  ['headings', '#### x\n'.repeat(350)],
])('5 MB of %s are laid out for what their beginning costs', (_name, words) => {
  const block = { key: 'part/prt_1', text: words.repeat(PIECES), closed: true, notify: false }
  let shown: ReturnType<typeof layout> = []
  const spent = cost(() => {
    shown = layout([block])
  })
  expect(shown).toMatchObject([{ content: expect.stringContaining('answer.md') as string }])
  expect(spent).toBeLessThan(500)
})

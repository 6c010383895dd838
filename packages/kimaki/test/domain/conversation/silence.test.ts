/** The agent's server lives but answers nothing: the threads that wait for it say so, and what came of it. */
import { expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, prompt } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 10 } as const
const silent: Input = { kind: 'server-silent', at: 1, forMs: 30_000, endsAtMs: 60_000 }
const answers: Input = { kind: 'server-answers', at: 2 }
const ended: Input = { kind: 'server-ended', at: 3 }
const waiting = (): Conversation =>
  conversation({ status: { kind: 'busy' }, prompts: [prompt(1, delivered('msg_u', 10))], messages: [user] })
const idle = (): Conversation => conversation({ prompts: [] })

const shown = (state: Conversation, inputs: readonly Input[]): readonly string[] =>
  view(inputs.reduce((now, input) => step(now, input).state, state)).flatMap(({ key, text }) =>
    key.startsWith('silence/') ? [text] : [],
  )

test.each<[string, Conversation, readonly Input[], readonly string[]]>([
  [
    'silent: said, and what will be done',
    waiting(),
    [silent],
    ['⬦ OpenCode has not answered for 30s. If it says nothing for another 30s, it is ended and started again'],
  ],
  ['silent and back: the notice is edited', waiting(), [silent, answers], ['⬦ OpenCode did not answer for a while; it goes on']],
  ['silent and ended: the notice is edited', waiting(), [silent, ended], ['⬦ OpenCode did not answer for 1m and was ended']],
  [
    'silent twice: one notice',
    waiting(),
    [silent, answers, silent],
    ['⬦ OpenCode has not answered for 30s. If it says nothing for another 30s, it is ended and started again'],
  ],
  ['nobody waits: nothing is said', idle(), [silent], []],
  ['ended without having been silent: nothing is said', waiting(), [ended], []],
  ['back without having been silent: nothing is said', waiting(), [answers], []],
])('%s', (_what, state, inputs, texts) => {
  expect(shown(state, inputs)).toEqual(texts)
})

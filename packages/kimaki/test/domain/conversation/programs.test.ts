/** Programs that the folder brings and nobody was told of: the thread at which they were found says so, once. */
import { expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, prompt } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 10 } as const
const waiting = (): Conversation =>
  conversation({ status: { kind: 'busy' }, prompts: [prompt(1, delivered('msg_u', 10))], messages: [user] })
const idle = (): Conversation => conversation({ prompts: [] })
const found = (...programs: readonly string[]): Input => ({ kind: 'programs-found', at: 1, programs })

const shown = (state: Conversation, inputs: readonly Input[]): readonly string[] =>
  view(inputs.reduce((now, input) => step(now, input).state, state)).flatMap(({ key, text }) =>
    key.startsWith('programs/') ? [text.split('\n')[0] ?? ''] : [],
  )

test.each<[string, Conversation, readonly Input[], readonly string[]]>([
  [
    'V27: they are named, as text and not as markup',
    waiting(),
    [found('plugin *run*.ts', 'MCP server x: npx y')],
    [String.raw`⬦ this folder brings programs that are new: plugin \*run\*.ts, MCP server x: npx y`],
  ],
  [
    'found twice: said once',
    waiting(),
    [found('plugin a'), found('plugin a')],
    ['⬦ this folder brings programs that are new: plugin a'],
  ],
  [
    'many: the first eight',
    waiting(),
    [found(...Array.from({ length: 10 }, (_, index) => `tool ${index}`))],
    [`⬦ this folder brings programs that are new: ${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `tool ${n}`).join(', ')}, and 2 more`],
  ],
  ['nobody is there to read it: nothing is said', idle(), [found('plugin a')], []],
])('%s', (_what, state, inputs, texts) => {
  expect(shown(state, inputs)).toEqual(texts)
})

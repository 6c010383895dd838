/** Presses that do nothing: second, stale, foreign, replayed and forged ones. Their person is told why, and nothing is answered twice. */
import { expect, test } from 'vitest'
import type { ButtonPress } from '../../../src/domain/conversation/request.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { conversation, GUILD, idle } from '../../support/conversation.ts'
import { bash, form, Thread } from './asking.ts'

const date = bash('date')
const idOf = (thread: Thread, ask: { readonly id: string }, label: string): string =>
  thread.card(ask.id)?.buttons?.find((each) => each.label === label)?.id ?? 'no such button'

/** A thread, and the id of a button in it that does nothing any more. */
type Void = readonly [thread: Thread, customId: string, facts?: Partial<ButtonPress>]

function permissionAfter(label: string, what: (thread: Thread) => Thread): Void {
  const thread = new Thread().asks(date)
  const id = idOf(thread, date, label)
  return [what(thread), id]
}

const OVER = /^⬦ this button does nothing any more/
const CHANGED = /^⬦ nothing was answered: the card has changed/

test.each<[string, () => Void, RegExp]>([
  [
    'a second press, while OpenCode is told the first',
    () => permissionAfter('Deny', (t) => t.press('Allow once')),
    /too late.*\n✓ allowed once by \*\*ada/,
  ],
  [
    'a press after the end',
    () => permissionAfter('Allow once', (t) => t.press('Deny').ends()),
    /too late.*\n✗ denied by \*\*ada\*\*: the run/,
  ],
  [
    'a reason for what was denied with one',
    () => [...permissionAfter('Deny with a reason…', (t) => t.says('use pnpm', t.first).ends()), { words: 'no' }] as never,
    /too late.*\n✗ denied by .*: use pnpm$/,
  ],
  [
    'a press on what a message passed over',
    () => permissionAfter('Allow once', (t) => t.says('wait')),
    /too late.*\n✗ denied: a new message/,
  ],
  ['a press on what expired', () => permissionAfter('Allow once', (t) => t.hears(idle)), /too late.*\n⬦ expired/],
  [
    'a press on what a press on another card covers',
    () => {
      const thread = new Thread().asks(bash('ls a'), bash('ls b'))
      const id = idOf(thread, bash('ls b'), 'Allow once')
      return [thread.press('Allow always'), id]
    },
    /too late.*\n✓ allowed as before$/,
  ],
  ['a card of another thread', () => [new Thread(), idOf(new Thread().asks(date), date, 'Deny')], OVER],
  [
    'a card with other words under the same id',
    () => [
      new Thread().asks(bash('date', { id: 'per_1' })),
      idOf(new Thread().asks(bash('rm -rf /', { id: 'per_1' })), { id: 'per_1' }, 'Allow once'),
    ],
    OVER,
  ],
  ['a forged id: no digest', () => [new Thread().asks(date), 'ask-allow:per_date'], OVER],
  ['a forged id: no ask', () => [new Thread().asks(date), 'ask-allow:'], OVER],
  ['a forged id: no such action', () => [new Thread().asks(date), 'constructor:per_date'], OVER],
  ['an id without any form', () => [new Thread().asks(date), ''], OVER],
  [
    'a button of permissions for a question',
    () => [new Thread().asks(form), idOf(new Thread().asks(form), form, 'Red').replace('pick', 'allow')],
    CHANGED,
  ],
  [
    'an option of the question before',
    () => {
      const thread = new Thread().asks(form)
      const id = idOf(thread, form, 'Red')
      return [thread.press('Blue'), id]
    },
    CHANGED,
  ],
  [
    'an option of questions that are answered',
    () => {
      const thread = new Thread().asks(form)
      const id = idOf(thread, form, 'Red')
      return [thread.press('Blue').choose('S').press('Done'), id]
    },
    /too late.*\n✓ answered by \*\*ada/,
  ],
  [
    'a modal without words',
    () => [...permissionAfter('Deny with a reason…', (t) => t), { words: ' ' }] as never,
    /^✗ nothing was answered: there are no words/,
  ],
  ['Stop of a run that is over', () => [new Thread().hears(idle), 'stop-run:discord:1'], OVER],
  ['Stop of a command that is over', () => [new Thread(), 'stop-shell:discord:1'], OVER],
  ['Remove of a message that does not wait', () => [new Thread(), 'unqueue:discord:1'], OVER],
])('%s', (_, given, words) => {
  const [thread, customId, facts] = given()
  const { state, answers } = thread
  thread.pressId(customId, facts)
  expect(thread.told).toEqual([expect.stringMatching(words)])
  expect([thread.state === state, thread.answers]).toEqual([true, answers])
})

test('a press that does something is told nothing, and neither is one without an address', () => {
  expect(new Thread().asks(date).press('Allow once').told).toEqual([])
  const press = { id: '9', guildId: GUILD, channelId: '1', messageId: '8', customId: 'x', userId: '7', userName: 'ada' }
  expect(step(conversation(), { kind: 'pressed', order: 9, at: 1, press }).actions).toEqual([])
})

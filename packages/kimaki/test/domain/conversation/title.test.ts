/** Whose name a thread has: ours follows the title of the session, a person's stays. */
import { describe, expect, test } from 'vitest'
import { title } from '../../../src/domain/conversation/features/title.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { conversation, SESSION } from '../../support/conversation.ts'

const titled = (text: string): Input => ({ kind: 'agent', at: 1, event: { kind: 'title', session: SESSION, title: text } })
const renamed = (name: string): Input => ({ kind: 'thread-renamed', at: 1, name })
const opened = (isTheirs?: true): readonly Input[] => [
  {
    kind: 'outcome',
    at: 1,
    effect: { key: 'open-thread/1', kind: 'open-thread', owner: 'run', name: 'my words', userId: undefined } as never,
    outcome: { kind: 'thread-opened', threadId: '1', ...(isTheirs && { isTheirs }) },
  },
]

/** What the thread is renamed to, one after the other. */
function renames(inputs: readonly Input[], thread: Conversation['thread'] = conversation().thread) {
  let state: Conversation = conversation({}, { thread })
  return inputs.flatMap((input) => {
    const change = step(state, input)
    ;({ state } = change)
    return change.actions.flatMap((action) => (action.kind === 'rename-thread' ? [action] : []))
  })
}

describe('the name of a thread', () => {
  test('that a person opened and named stays, whatever title the session gets', () => {
    expect(renames([titled('A title'), titled('Another')])).toEqual([])
    expect(title.of(conversation())).toEqual({ given: undefined, isTheirs: false })
  })

  test('that the bot opened follows the title, over the names it gave itself', () => {
    expect(renames([...opened(), titled('**A** title'), titled('A title'), titled('Another\ntitle')])).toMatchObject([
      { threadId: '1', name: 'A title', over: ['my words', 'kimaki thread'] },
      { threadId: '1', name: 'Another title', over: ['A title', 'my words', 'kimaki thread'] },
    ])
  })

  test.each([{ kind: 'none' }, { kind: 'opening' }] as const)(
    'follows a title that came while it is not open ($kind)',
    (thread) => {
      const renamedTo = renames([titled('Early'), titled('A title'), titled('A title'), ...opened()], thread)
      expect(renamedTo).toMatchObject([{ name: 'A title', over: ['my words', 'kimaki thread'] }])
      expect(renames([titled('A title'), ...opened(true)], thread)).toEqual([])
    },
  )

  test('stays when a person opened the thread of this message before us', () => {
    expect(renames([...opened(true), titled('A title')])).toEqual([])
  })

  test('stays when a person has renamed it, also to nothing new', () => {
    expect(renames([...opened(), renamed('mine'), titled('A title')])).toEqual([])
    for (const ours of ['my words', 'kimaki thread'])
      expect(renames([...opened(), renamed(ours), titled('A title')])).toHaveLength(1)
  })
})

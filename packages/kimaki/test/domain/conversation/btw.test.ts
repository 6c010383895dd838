/** `. btw`: what is asked aside, what is not, and how it ends. */
import { describe, expect, test } from 'vitest'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import type { AnyOutcome, Effect } from '../../../src/domain/conversation/effect.ts'
import { btw } from '../../../src/domain/conversation/features/btw.ts'
import { lateEdits } from '../../../src/domain/conversation/features/told/late-edits.ts'
import { title } from '../../../src/domain/conversation/features/title.ts'
import type { OpenSession } from '../../../src/domain/conversation/run/effects.ts'
import { beginConversation, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { view } from '../../../src/view/index.ts'
import { message } from '../../support/conversation.ts'

const THREAD = '900'
const AS = { agent: 'plan', model: undefined }
const facts = { id: THREAD, install: 'i', guildId: '2', channelId: '3', directory: '/p', inThread: true } as const
const empty = beginConversation({ ...facts, verbosity: 'text_and_essential_tools' })
const open: Conversation = { ...empty, session: { kind: 'open', id: 'ses_1' } }

const inThread = (text: string, more: Partial<IncomingMessage> = {}): IncomingMessage =>
  message(text, { channelId: THREAD, inThread: true, titleText: text.replace('. btw', ''), ...more })

let order = 0
const take = (state: Conversation, text: string, more: Partial<IncomingMessage> = {}) =>
  step(state, { kind: 'message', at: 1, order: (order += 1), message: inThread(text, more) })

const forks = (effects: readonly Effect[]) => effects.filter((effect) => effect.kind === 'fork')
const end = (state: Conversation, effect: Effect | undefined, outcome: AnyOutcome) => {
  if (!effect) throw new Error('no effect')
  return step(state, { kind: 'outcome', at: 2, effect, outcome })
}
const copied = { kind: 'forked', fork: { session: 'ses_copy', upTo: 50, as: AS } } as const

describe('asked in a thread with a session', () => {
  test('the session is copied under the question’s mark, and no prompt joins the line', () => {
    const { state, effects } = take(open, 'why so slow. btw', { id: '77' })
    expect(state.turn.prompts).toEqual([])
    expect(effects).toEqual([
      expect.objectContaining({ kind: 'fork', session: 'ses_1', directory: '/p', mark: 'btw:77', title: 'btw: why so slow' }),
    ])
  })

  test('the copy comes before the thread (P-243)', () => {
    const asked = take(open, 'why. btw')
    expect(asked.effects.map(({ kind }) => kind)).toEqual(['fork'])
    const forked = end(asked.state, asked.effects[0], copied)
    expect(forked.effects).toEqual([
      expect.objectContaining({
        kind: 'begin-conversation',
        channelId: '3',
        message: expect.objectContaining({ text: 'why' }) as unknown,
        begins: {
          name: 'btw: why',
          session: { id: 'ses_copy', upTo: 50, answeredBy: AS },
          copyOf: { threadId: THREAD, session: 'ses_1' },
        },
      }),
    ])
    const done = end(forked.state, forked.effects[0], { kind: 'begun', threadId: '901' })
    expect(view(done.state)).toEqual([expect.objectContaining({ text: '⬦ asked aside in <#901>', editable: true })])
    expect(btw.of(closeTurn(done.state, true))).toEqual([])
  })

  test('what the cached state forgot is taken from the effect', () => {
    const asked = take(open, 'why. btw')
    const forked = end(open, asked.effects[0], copied)
    expect(forked.effects.map(({ kind }) => kind)).toEqual(['begin-conversation'])
    const done = end(open, forked.effects[0], { kind: 'begun', threadId: '901' })
    expect(view(done.state)).toEqual([expect.objectContaining({ text: '⬦ asked aside in <#901>' })])
  })

  test('two are copied one after the other', () => {
    const first = take(open, 'one. btw')
    const second = take(first.state, 'two. btw')
    expect(forks(second.effects)).toEqual([])
    const next = end(second.state, first.effects[0], copied)
    expect(forks(next.effects)).toHaveLength(1)
  })

  test('one that cannot be asked is told, and the turn closes after it', () => {
    const asked = take(open, 'why. btw')
    const failed = end(asked.state, asked.effects[0], { kind: 'failed', text: '✗ no server' })
    expect(view(failed.state)).toEqual([expect.objectContaining({ text: '✗ no server', notify: true })])
    expect(failed.effects).toEqual([])
    expect(btw.of(closeTurn(failed.state, true))).toEqual([])
  })

  test('what is under way stays when a turn is closed', () => {
    const { state } = take(open, 'why. btw')
    expect(btw.of(closeTurn(state, true))).toHaveLength(1)
  })

  test('an edit or a deletion comes too late, and is told so; the same words are no edit', () => {
    const asked = take(open, 'why. btw', { id: '78' })
    const same = step(asked.state, { kind: 'edited-message', at: 2, message: inThread('why. btw', { id: '78' }) })
    expect(lateEdits.of(same.state)).toEqual([])
    const edited = step(asked.state, { kind: 'edited-message', at: 2, message: inThread('how. btw', { id: '78' }) })
    expect(lateEdits.of(edited.state)).toEqual([{ promptId: 'discord:78', what: 'edited' }])
    const deleted = step(asked.state, { kind: 'deleted-message', at: 2, messageId: '78' })
    expect(lateEdits.of(deleted.state)).toEqual([{ promptId: 'discord:78', what: 'deleted' }])
  })
})

test('asked while the session is being opened, it waits for that; if there will be none, it says so', () => {
  const opening: Conversation = { ...empty, session: { kind: 'opening' } }
  const asked = take(opening, 'why. btw')
  expect(asked.effects).toEqual([])
  const openSession: OpenSession = { key: 'open-session/1', kind: 'open-session', owner: 'run', directory: '/p', mark: '1' }
  expect(forks(end(asked.state, openSession, { kind: 'session-opened', session: 'ses_1' }).effects)).toHaveLength(1)
  const without = end(asked.state, openSession, { kind: 'failed', text: '✗ no' })
  expect(view(without.state)[0]?.text).toMatch(/^✗ not asked aside/)
})

describe('is an ordinary prompt, as far as there is nothing to copy', () => {
  const prompted = (state: Conversation, text: string, more: Partial<IncomingMessage> = {}): string | undefined =>
    take(state, text, more).state.turn.prompts[0]?.message.text

  test('in a project channel, and in a thread without a session: without the suffix', () => {
    const channel = beginConversation({ ...facts, inThread: false, verbosity: 'text_and_essential_tools' })
    expect(prompted(channel, 'why. btw', { inThread: false, channelId: '3' })).toBe('why')
    expect(prompted(empty, 'why. btw')).toBe('why')
  })

  test('where it speaks to somebody else, or holds nothing: as it was typed', () => {
    expect(prompted(open, '@bo why. btw', { namesOther: true, mentionsBot: true })).toBe('@bo why. btw')
    expect(prompted(open, '. btw')).toBe('. btw')
  })

  test('but files alone are a question', () => {
    const files = [{ id: '9', name: 'a.png', contentType: 'image/png', size: 1, url: 'https://x' }]
    expect(forks(take(open, '. btw', { attachments: files }).effects)).toHaveLength(1)
  })
})

describe('the thread that is opened for it', () => {
  const begins = {
    name: 'btw: x',
    session: { id: 'ses_copy', upTo: 50, answeredBy: AS },
    copyOf: { threadId: THREAD, session: 'ses_1' },
  }
  const begun = (state: Conversation) =>
    step(state, { kind: 'message', at: 1, order: 1, message: inThread('x. queue', { id: '79' }), begins })

  test('begins with the copy: what it holds is history, its words are not read again, and it is answered as the source would', () => {
    const { state, effects } = begun({ ...empty, id: '901', thread: { kind: 'open', id: '901' } })
    expect(state).toMatchObject({ session: { kind: 'open', id: 'ses_copy' }, closedUpTo: 50 })
    expect(title.of(state)).toMatchObject({ given: 'btw: x' })
    expect(effects).toEqual([expect.objectContaining({ kind: 'prompt', session: 'ses_copy', answeredBy: AS })])
    expect(state.turn.prompts[0]).toMatchObject({ id: 'discord:79', message: { text: 'x. queue' } })
    expect(view(state)[0]?.text).toBe(`⬦ a question aside, with all that was said in <#${THREAD}>\n» **Ann:** x. queue`)
  })

  test('keeps a session that somebody has begun there meanwhile', () => {
    expect(begun({ ...open, session: { kind: 'open', id: 'ses_own' } }).state.session).toEqual({ kind: 'open', id: 'ses_own' })
  })
})

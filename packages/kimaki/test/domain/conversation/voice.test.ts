/** Voice messages (V1, V2 of `features/voice/voice.ts`): their place among other messages, and what becomes of them. */
import { describe, expect, test } from 'vitest'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import {
  isHearing,
  voice,
  type Transcribe,
  type TranscribeOutcome,
} from '../../../src/domain/conversation/features/voice/voice.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { IncomingAttachment } from '../../../src/domain/message/incoming.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, GUILD, message, prompt } from '../../support/conversation.ts'

const RECORDING: IncomingAttachment = {
  id: '7',
  name: 'v.ogg',
  contentType: 'audio/ogg',
  size: 900,
  url: 'https://x/v.ogg',
  seconds: 4,
}

/** A thread in which messages arrive one after the other. */
class Thread {
  state: Conversation
  readonly effects: Effect[] = []
  #order = 0

  constructor(state: Conversation = conversation()) {
    this.state = state
  }

  take(input: Input): void {
    const { state, effects } = step(this.state, input)
    this.state = state
    this.effects.push(...effects)
    const said = effects.find((effect) => effect.kind === 'prompt') as SubmitPrompt | undefined
    // OpenCode takes each in at once.
    if (said) this.take({ kind: 'outcome', at: 1, effect: said, outcome: { kind: 'delivered', created: this.#order + 1 } })
  }

  says(text: string, attachments: readonly IncomingAttachment[] = []): string {
    this.#order += 1
    const id = String(100 + this.#order)
    const sent = message(text, { id, attachments, inThread: true, channelId: '1' })
    this.take({ kind: 'message', at: this.#order, order: this.#order, message: sent })
    return id
  }

  speaks(words = ''): string {
    return this.says(words, [RECORDING])
  }

  heard(id: string, facts: Partial<Extract<TranscribeOutcome, { kind: 'transcribed' }>> = {}): void {
    const outcome = {
      kind: 'transcribed',
      text: `spoken ${id}`,
      isQueued: false,
      agent: undefined,
      atMost: 50,
      ...facts,
    } as const
    this.ends(id, outcome)
  }

  ends(id: string, outcome: TranscribeOutcome): void {
    const effect = this.effects.findLast((one) => (one as Transcribe).noteId === `discord:${id}`)
    if (!effect) throw new Error(`nobody listens to ${id}`)
    this.take({ kind: 'outcome', at: 1, effect, outcome: outcome })
  }

  presses(customId: string): void {
    this.#order += 1
    const press = { id: '9', guildId: GUILD, channelId: '1', messageId: '8', customId, userId: '7', userName: 'ada' }
    this.take({ kind: 'pressed', at: 1, order: this.#order, press })
  }

  /** In the order in which the session got them. */
  get submitted(): readonly string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'prompt'
        ? (effect as SubmitPrompt).parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? [part.text] : []))
        : [],
    )
  }

  get card() {
    return view(this.state).find(({ key }) => key.startsWith('voice/'))
  }
}

const FAILED = { kind: 'not-transcribed', text: '✗ no', canRetry: true } as const

describe('order of arrival (V1)', () => {
  test('what comes after a voice message waits for it, what came before does not', () => {
    const thread = new Thread()
    thread.says('one')
    const spoken = thread.speaks()
    thread.says('three')
    expect(thread.submitted).toEqual(['one'])
    thread.heard(spoken)
    expect(thread.submitted).toEqual(['one', `spoken ${spoken}`, 'three'])
  })

  test('of two voice messages the second may be understood first: it waits', () => {
    const thread = new Thread()
    const long = thread.speaks()
    thread.says('text')
    const short = thread.speaks()
    thread.heard(short)
    expect(thread.submitted).toEqual([])
    thread.heard(long)
    expect(thread.submitted).toEqual([`spoken ${long}`, 'text', `spoken ${short}`])
  })

  test('a message before it is answered at once, though another one stands ready behind it', () => {
    const thread = new Thread(conversation({ isSynced: false }))
    thread.says('one')
    thread.speaks()
    thread.says('three')
    thread.take({
      kind: 'snapshot',
      at: 1,
      snapshot: { status: { kind: 'idle' }, messages: [], title: undefined },
      meanwhile: [],
    })
    expect(thread.effects.filter(({ kind }) => kind === 'prompt')).toEqual([expect.not.objectContaining({ noReply: true })])
  })

  test('a message for the queue waits for it as for a prompt', () => {
    const thread = new Thread()
    const spoken = thread.speaks()
    thread.says('later. queue')
    expect(queue.of(thread.state).map(({ phase }) => phase.kind)).toEqual(['waiting'])
    thread.heard(spoken)
    expect(thread.submitted).toEqual([`spoken ${spoken}`])
  })
})

describe('one that failed (V2)', () => {
  test('holds nobody up, and its card offers to try again', () => {
    const thread = new Thread()
    const spoken = thread.speaks()
    thread.says('text')
    thread.ends(spoken, FAILED)
    expect(thread.submitted).toEqual(['text'])
    expect(thread.card).toMatchObject({ text: '✗ no', buttons: [{ id: `voice-again:discord:${spoken}`, label: 'Try again' }] })
  })

  test('tried again, it stands behind what came meanwhile and before what comes later', () => {
    const thread = new Thread()
    const spoken = thread.speaks()
    thread.ends(spoken, FAILED)
    thread.says('two')
    thread.presses(`voice-again:discord:${spoken}`)
    thread.says('four')
    thread.heard(spoken)
    expect(thread.submitted).toEqual(['two', `spoken ${spoken}`, 'four'])
    expect(thread.effects.filter(({ kind }) => kind === 'transcribe').map(({ key }) => key)).toEqual([
      `transcribe/discord:${spoken}/1`,
      `transcribe/discord:${spoken}/2`,
    ])
  })

  test('that no try can help has no button', () => {
    const thread = new Thread()
    thread.ends(thread.speaks(), { ...FAILED, canRetry: false })
    expect(thread.card).not.toHaveProperty('buttons')
  })

  test('keeps its card when the turn is closed; one that was heard does not', () => {
    const thread = new Thread()
    thread.ends(thread.speaks(), FAILED)
    const heard = thread.speaks()
    thread.heard(heard)
    const closed = closeTurn(conversation({}, { features: thread.state.features }), true)
    expect(voice.of(closed).map(({ phase }) => phase.kind)).toEqual(['failed'])
  })

  test('an outcome of an earlier try changes nothing', () => {
    const thread = new Thread()
    const spoken = thread.speaks()
    const [first] = thread.effects
    thread.ends(spoken, FAILED)
    thread.presses(`voice-again:discord:${spoken}`)
    const before = thread.state
    thread.take({ kind: 'outcome', at: 1, effect: first as Effect, outcome: FAILED })
    expect(thread.state).toBe(before)
  })
})

test('where nobody is set up, the card says so, others go on, and it is a prompt once somebody is', () => {
  const thread = new Thread()
  const spoken = thread.speaks()
  thread.take({ kind: 'report', at: 1, owner: 'voice', report: { noteId: `discord:${spoken}` } })
  expect(thread.card?.text).toContain('/transcription-key')
  thread.says('text')
  expect(thread.submitted).toEqual(['text'])
  thread.heard(spoken)
  expect(thread.submitted).toEqual(['text', `spoken ${spoken}`])
})

test('the agent gets what was written beside it, then what was spoken, and is told that it was spoken; not the recording', () => {
  const thread = new Thread()
  const picture = { ...RECORDING, id: '8', name: 'p.png', contentType: 'image/png' }
  const { seconds: _seconds, ...image } = picture
  const id = thread.says('look:', [RECORDING, image])
  thread.heard(id)
  const [added] = thread.state.turn.prompts
  expect(added?.message).toMatchObject({ text: `look:\n\nspoken ${id}`, attachments: [image], isSpoken: true })
})

describe('spoken commands', () => {
  test('a spoken queue waits while the agent works', () => {
    const thread = new Thread(conversation({ prompts: [prompt(1, delivered('msg_1', 1))], status: { kind: 'busy' } }))
    const spoken = thread.speaks()
    thread.heard(spoken, { isQueued: true })
    expect(queue.of(thread.state)).toMatchObject([{ id: `discord:${spoken}`, phase: { kind: 'waiting' } }])
    expect(thread.card?.text).toMatch(/^⬦ heard ⋅ for the queue: /)
  })

  test('a spoken queue with nothing to wait for runs at once', () => {
    const thread = new Thread()
    const spoken = thread.speaks()
    thread.heard(spoken, { isQueued: true })
    expect(thread.submitted).toEqual([`spoken ${spoken}`])
  })

  test('so does a written one beside a recording', () => {
    const thread = new Thread()
    const spoken = thread.speaks('listen. queue')
    thread.heard(spoken)
    expect(thread.submitted).toEqual([`listen\n\nspoken ${spoken}`])
  })

  test('a spoken agent is chosen for the session', () => {
    const thread = new Thread()
    thread.heard(thread.speaks(), { agent: 'plan' })
    expect(thread.card?.text).toContain('for the agent **plan**')
    expect(JSON.stringify(thread.state.features['models'])).toContain('plan')
  })
})

describe('is no voice message', () => {
  test.each([
    ['what is said to others', { namesOther: true }],
    ['what a bot sends', { author: { kind: 'person', id: '5', name: 'bot', isBot: true } }],
    ['what a program sends', { author: { kind: 'program', name: 'ci', userId: undefined } }],
  ] as const)('%s', (_, facts) => {
    const thread = new Thread()
    thread.take({
      kind: 'message',
      at: 1,
      order: 1,
      message: message('hi', { inThread: true, channelId: '1', attachments: [RECORDING], ...facts }),
    })
    expect(voice.of(thread.state)).toEqual([])
  })

  test('a shell command with a recording beside it', () => {
    const thread = new Thread()
    thread.speaks('!ls')
    expect(voice.of(thread.state)).toEqual([])
  })
})

test('a message that is deleted meanwhile becomes no prompt, and holds nobody up', () => {
  const thread = new Thread()
  const spoken = thread.speaks()
  thread.says('text')
  thread.take({ kind: 'deleted-message', at: 1, messageId: spoken })
  expect(thread.submitted).toEqual(['text'])
  thread.heard(spoken)
  expect(thread.submitted).toEqual(['text'])
  expect(isHearing(thread.state)).toBe(false)
})

test('words that are edited beside it count', () => {
  const thread = new Thread()
  const spoken = thread.speaks('befor')
  thread.take({
    kind: 'edited-message',
    at: 1,
    message: message('before', { id: spoken, inThread: true, channelId: '1', attachments: [RECORDING] }),
  })
  thread.heard(spoken)
  expect(thread.submitted).toEqual([`before\n\nspoken ${spoken}`])
})

test('the thread is gone: the reason is told once in the channel', () => {
  const thread = new Thread()
  thread.speaks()
  thread.take({ kind: 'thread-gone', at: 1, text: '✗ gone' })
  expect(view(thread.state).filter(({ text }) => text === '✗ gone')).toHaveLength(1)
})

test('in a channel it opens the thread, whose name is what it is', () => {
  const begun = new Thread({ ...conversation({}, { session: { kind: 'none' } }), thread: { kind: 'none' } })
  const sent = message('', { attachments: [RECORDING] })
  begun.take({ kind: 'message', at: 1, order: 1, message: sent })
  expect(begun.effects).toContainEqual(
    expect.objectContaining({ kind: 'open-thread', messageId: sent.id, name: 'Voice message' }),
  )
})

import { describe, expect, it } from 'vitest'
import type { MessageRecord } from '../../src/proof/evidence.ts'
import { judge, type JudgeSources } from '../../src/proof/judge.ts'

const [KIMAKI, ADA, GRACE] = ['900', '1', '2']
const CHANNEL = '10'

interface Written {
  readonly id: string
  readonly content: string
  readonly by?: string
  readonly place?: string
  readonly at?: number
  readonly action?: MessageRecord['action']
  readonly components?: readonly unknown[]
}

/** In the thread 100, which message 100 of the channel has opened; a bot writes unless it is said otherwise. */
function message({
  id,
  content,
  by = KIMAKI,
  place = '100',
  at = 0,
  action = 'create',
  components = [],
}: Written): MessageRecord {
  const isThread = place !== CHANNEL && place !== '11'
  return {
    kind: 'message',
    action,
    by: by === KIMAKI ? 'bot' : 'person',
    authorId: by,
    channelId: place,
    parentId: isThread ? CHANNEL : undefined,
    messageId: id,
    content,
    attachedTexts: [],
    message: { type: 0, mentions: [], components },
    at,
  }
}

const heard = (id: string, words: string) =>
  `${words}\n<discord-user name="Ada" user-id="1" message-id="${id}" thread-id="100" />`

function request(seq: number, texts: readonly string[], token?: string, rest: object = {}): JudgeSources['model'][number] {
  const last = texts.slice(-1)
  return {
    seq,
    sessionId: 's1',
    hasTools: true,
    userTexts: texts,
    answers: last,
    tokensBefore: [],
    tools: [],
    token,
    outcome: 'done',
    ...rest,
  }
}

const ASKED = message({ id: '100', content: 'Run the tests', by: ADA, place: CHANNEL })
const ANSWER = message({ id: '101', content: 'All pass ⟦t1⟧' })
const FOOTER = message({ id: '102', content: '*tea-timer ⋅ main ⋅ 2s*' })
const FIRST = request(1, [heard('100', 'Run the tests')], '⟦t1⟧')

const judged = (journal: JudgeSources['journal'], model: JudgeSources['model'] = [FIRST], rest: Partial<JudgeSources> = {}) =>
  judge({
    journal,
    model,
    botId: KIMAKI,
    channels: new Set([CHANNEL]),
    maySpeak: (id) => id === ADA,
    kills: 0,
    troubledAt: 0,
    now: 1_000_000,
    ...rest,
  })

describe('the verdict', () => {
  it('counts a message that stands answered in its thread', () => {
    expect(judged([ASKED, ANSWER, FOOTER])).toEqual({
      written: 1,
      answered: 1,
      atWork: 0,
      lost: 0,
      doubled: 0,
      misplaced: 0,
      kills: 0,
      findings: [],
    })
  })

  it('fails when the answer is taken away: once for the message, with its words and its thread', () => {
    const { lost, answered, findings } = judged([ASKED, ANSWER, FOOTER, { ...ANSWER, action: 'delete' }])
    expect({ lost, answered }).toEqual({ lost: 1, answered: 0 })
    expect(findings).toMatchObject([{ kind: 'lost', messageId: '100', placeId: '100', words: 'Run the tests' }])
    expect(findings[0]?.detail).not.toContain('#m')
  })

  it('fails when an answer stands twice, though nobody is told which message it was for', () => {
    const { doubled, findings } = judged([ASKED, ANSWER, { ...ANSWER, messageId: '103' }, FOOTER])
    expect(doubled).toBe(1)
    expect(findings).toMatchObject([{ kind: 'doubled', placeId: '100' }])
  })

  it('fails when an answer stands in the thread of another session', () => {
    const other = message({ id: '200', content: 'Look', by: ADA, place: CHANNEL })
    const second = request(2, [heard('200', 'Look')], '⟦t2⟧', { sessionId: 's2' })
    const there = message({ id: '201', content: 'Here ⟦t2⟧', place: '200' })
    const verdict = judged([ASKED, ANSWER, other, there, { ...ANSWER, messageId: '202', channelId: '200' }], [FIRST, second])
    expect(verdict.misplaced).toBe(1)
  })

  it('tells two messages with the same words apart', () => {
    const again = message({ id: '103', content: 'Run the tests', by: ADA })
    const second = request(2, [heard('100', 'Run the tests'), heard('103', 'Run the tests')], '⟦t2⟧', { tokensBefore: ['⟦t1⟧'] })
    const { written, answered, lost } = judged([ASKED, ANSWER, FOOTER, again], [FIRST, second])
    expect({ written, answered, lost }).toEqual({ written: 2, answered: 1, lost: 1 })
  })

  it.each([
    ['somebody typed a moment ago', { kind: 'request', at: 990_000, path: '/api/v10/channels/100/typing' }, {}],
    ['the agent waits for a press', message({ id: '101', content: '?', components: [{ custom_id: 'ask' }] }), {}],
    ['the bot was down a moment ago', FOOTER, { troubledAt: 995_000 }],
  ] as const)('calls nothing lost while its thread is at work: %s', (_what, entry, rest) => {
    expect(judged([ASKED, entry], [], rest)).toMatchObject({ written: 1, atWork: 1, lost: 0 })
    // Later, and with nothing to wait for, it is.
    expect(judged([ASKED, FOOTER], [], { now: 2_000_000 })).toMatchObject({ written: 1, atWork: 0, lost: 1 })
  })

  it('counts a failure that was told as an end', () => {
    const told = message({ id: '101', content: '✗ the provider refused the key' })
    expect(judged([ASKED, told], [request(1, [heard('100', 'Fail')], undefined, { outcome: 'failed' })])).toMatchObject({
      answered: 1,
      lost: 0,
    })
  })

  it.each([
    ['a shell line', message({ id: '103', content: '!git log', by: ADA })],
    ['words in a channel without a project', message({ id: '103', content: 'Hello', by: ADA, place: '11' })],
    ['a message of somebody who may not speak', message({ id: '103', content: 'Let me in', by: GRACE })],
  ])('expects no answer to %s', (_what, entry) => {
    expect(judged([ASKED, ANSWER, FOOTER, entry])).toMatchObject({ written: 1, lost: 0 })
  })

  it('expects one to a message of a guest that was let in', () => {
    const guest = message({ id: '103', content: 'Let me in', by: GRACE })
    const second = request(2, [heard('100', 'Run the tests'), heard('103', 'Let me in')], '⟦t2⟧', { tokensBefore: ['⟦t1⟧'] })
    expect(judged([ASKED, ANSWER, FOOTER, guest], [FIRST, second])).toMatchObject({ written: 2, lost: 1 })
  })

  it('takes the words that answer a question for no message of their own', () => {
    const words = message({ id: '103', content: 'The second one', by: ADA, at: 500 })
    const card = message({ id: '101', content: '✓ answered by **Ada**\nAll pass ⟦t1⟧', at: 900, action: 'update' })
    expect(judged([ASKED, ANSWER, words, card, FOOTER])).toMatchObject({ written: 1, lost: 0 })
  })

  it('knows a question aside by its thread, and what was copied for it belongs to the other', () => {
    const aside = message({ id: '103', content: 'And why? btw', by: ADA })
    const link = message({ id: '104', content: '⬦ asked aside in <#300>' })
    const there = message({ id: '301', content: 'Because ⟦t2⟧', place: '300' })
    const copied = [heard('100', 'Run the tests'), `<aside parent-session="s1">\n${heard('103', 'And why?')}`]
    const fork = request(2, copied, '⟦t2⟧', { sessionId: 's2', tokensBefore: ['⟦t1⟧'] })
    expect(judged([ASKED, ANSWER, FOOTER, aside, link, there], [FIRST, fork])).toMatchObject({
      written: 2,
      answered: 2,
      findings: [],
    })
    // Without its thread it is lost.
    expect(judged([ASKED, ANSWER, FOOTER, aside, link], [FIRST, fork])).toMatchObject({ lost: 1 })
  })
})

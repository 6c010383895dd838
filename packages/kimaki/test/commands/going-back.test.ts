/** Where `/undo`, `/redo` and `/fork` go back to, what they show of a diff, and where a thread that goes on with a session begins. */
import { describe, expect, test } from 'vitest'
import { compact } from '../../src/commands/sessions/compact.ts'
import { diffText, standing, undoneAfterRedo } from '../../src/commands/sessions/going-back.ts'
import { endOf } from '../../src/commands/sessions/going-on.ts'
import type { AgentMessage } from '../../src/domain/agent.ts'
import type { History, PastMessage } from '../../src/ports/agent/sessions.ts'
import { answer, conversation, delivered, prompt, text, user } from '../support/conversation.ts'

const past = (id: string, kind: PastMessage['kind']): PastMessage => ({ id, kind, created: 1, words: '' })
/** Ids of ours are hashes: their order says nothing. */
const history = (undoneFrom?: string): History => ({
  title: 't',
  undoneFrom,
  messages: [past('z', 'user'), past('b', 'assistant'), past('y', 'user'), past('a', 'assistant'), past('x', 'user')],
})

describe('the messages that still stand', () => {
  test.each([
    ['all of them, where nothing is undone', undefined, ['z', 'y', 'x']],
    ['those before the undone one, by their place and not by their ids', 'y', ['z']],
    ['none, where all is undone', 'z', []],
    ['all, where the undone one is not known', 'gone', ['z', 'y', 'x']],
  ])('%s', (_name, undoneFrom, expected) => {
    expect(standing(history(undoneFrom)).map(({ id }) => id)).toEqual(expected)
  })
})

describe('after /redo all is undone from', () => {
  test.each([
    ['the next message of a person', 'z', 'y'],
    ['nowhere, where the undone one was the last', 'x', undefined],
    ['nowhere, where nothing is undone', undefined, undefined],
  ])('%s', (_name, undoneFrom, expected) => {
    expect(undoneAfterRedo(history(undoneFrom))?.id).toBe(expected)
  })
})

describe('a diff', () => {
  test('that is empty is said', () => expect(diffText(' \n')).toBe('No file was changed by that.'))
  test('stands in a fence that nothing in it ends', () => expect(diffText('+```js')).toBe('```diff\n+`\u200b`\u200b`js\n```'))
  test('that is long is cut at a line, and says so', () => {
    const shown = diffText(Array.from({ length: 400 }, (_, n) => `+ line ${n}`).join('\n'))
    expect(shown.length).toBeLessThan(1600)
    expect(shown).toMatch(/\+ line \d+\n```\nCut: \d+ more lines\.$/)
  })
  test('of one endless line is cut all the same', () =>
    expect(diffText('x'.repeat(5000))).toMatch(/^```diff\nx{1500}\n```\nCut: one more line\.$/))
})

describe('a thread that goes on with a session shows', () => {
  const asked = user('msg_1', 10)
  const said = (count: number, created: number): AgentMessage => ({
    ...answer(
      `msg_${created}`,
      asked,
      Array.from({ length: count }, (_, n) => text(`prt_${created}_${n}`, 'words')),
    ),
    created,
  })

  test('the last parts, and counts what is left out', () => {
    expect(endOf([asked, said(20, 20), said(15, 30)], 30)).toEqual({ from: 'prt_20_5', leftOut: 5, upTo: 19 })
  })
  test('all of a short one', () => {
    expect(endOf([asked, said(2, 20)], 30)).toEqual({ from: 'prt_20_0', leftOut: 0, upTo: 19 })
  })
  test('nothing of one in which nothing was said', () => {
    expect(endOf([asked], 30)).toEqual({ from: undefined, leftOut: 0, upTo: 10 })
  })
  test('no summary and no blank text', () => {
    const summary = { ...answer('msg_s', asked, [text('prt_s', 'summed up')]), summary: true, created: 40 }
    const blank = { ...answer('msg_b', asked, [text('prt_b', ' ')]), created: 50 }
    expect(endOf([asked, said(1, 20), summary, blank], 30)).toMatchObject({ from: 'prt_20_0', leftOut: 0 })
  })
})

test('nothing is summed up while a message waits for its answer: it would stand before the summary, where OpenCode reads nothing', async () => {
  const waiting = conversation({ prompts: [prompt(1, delivered('msg_1', 100))] })
  expect(compact.run(waiting, {} as never, {} as never)).toEqual({
    reply: expect.stringMatching(/^✗ not summed up: the agent works/),
  })
})

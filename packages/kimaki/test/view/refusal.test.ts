/** Each refusal of Discord is explained by one remedy. */
import { describe, expect, test } from 'vitest'
import { holdRemedy } from '../../src/view/text/refusal.ts'
import { postFallbackText, refusedAsFileText, threadFailedText } from '../../src/view/text/notice.ts'

const remedyOf = (text: string): string => text.split('\n')[1] ?? ''

/** The code, what Discord says, and the words that say what to do. */
const REFUSALS: readonly (readonly [number | undefined, string, RegExp])[] = [
  [undefined, 'no answer in time', /send the message again later/],
  [0, 'HTTP 400 without a word of Discord', /send the message again later/],
  [20_016, 'This action cannot be performed due to slowmode rate limit', /"Bypass Slowmode"/],
  [30_033, 'Maximum number of thread participants has been reached (1000)', /let some of them leave/],
  [40_067, 'A tag is required to create a forum post in this channel', /link the folder to a text channel/],
  [50_001, 'Missing Access', /give its role "View Channel"/],
  [50_008, 'Cannot send messages in a non-text channel', /voice.*link the folder to a text channel/],
  [50_013, 'Missing Permissions', /"Create Public Threads" and "Send Messages in Threads"/],
  [50_024, 'Cannot execute action on this channel type', /voice.*link the folder to a text channel/],
  [50_035, 'Invalid Form Body', /in other words.*kimaki\.log/],
  [50_083, 'Thread is archived', /open it again/],
  [160_004, 'A thread has already been created for this message', /write in that thread/],
  [160_005, 'Thread is locked', /unlock it/],
  [160_006, 'Maximum number of active threads reached', /close some that nobody needs/],
  [160_007, 'Maximum number of active announcement threads reached', /close some that nobody needs/],
  [200_000, 'Message was blocked by automatic moderation', /AutoMod.*exempt its role/],
  [200_001, 'Title was blocked by automatic moderation', /AutoMod.*every name.*exempt its role/],
  [99_999, 'Something new', /kimaki\.log.*send the message again/],
]

describe('a thread that could not be opened', () => {
  test.each(REFUSALS)('%s "%s": one sentence says what to do', (code, reason, remedy) => {
    const text = threadFailedText(reason, code)
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(code === undefined ? /^✗ a thread could not be opened: / : /^✗ Discord refused to open a thread: /)
    expect(text).toContain(reason)
    expect(remedyOf(text)).toMatch(remedy)
    expect(remedyOf(text)).toMatch(/^[A-Z].*\.$/)
    if (code !== 50_013) expect(text).not.toContain('Create Public Threads')
  })
})

describe('a post that waits for its place', () => {
  test.each([
    [50_001, [], /"View Channel"/],
    [50_013, [], /"Send Messages in Threads", "Attach Files"/],
    [50_013, ['Attach Files'] as const, /the bot "Attach Files" in this channel/],
    [50_083, [], /archived: open it again/],
    [160_005, [], /locked: unlock it.*"Manage Threads"/],
  ])('%s, without %j: one sentence says what to do', (code, missing, remedy) => {
    expect(holdRemedy(code, missing)).toMatch(remedy)
    expect(holdRemedy(code, missing)).toMatch(/^[A-Z].*\.$/)
  })
})

describe('a part of an answer that Discord does not take', () => {
  test.each([
    [40_005, /larger/],
    [200_000, /AutoMod.*exempt/],
    [200_001, /AutoMod.*exempt/],
  ])('%s: one sentence says what to do', (code, remedy) => {
    expect(remedyOf(postFallbackText(code))).toMatch(remedy)
    expect(remedyOf(refusedAsFileText(code))).toMatch(remedy)
    expect(refusedAsFileText(code).startsWith(refusedAsFileText())).toBe(true)
  })

  test('is told without one where nobody can do anything', () => {
    expect(postFallbackText(50_035)).toBe(postFallbackText())
    expect(refusedAsFileText(50_035)).not.toContain('\n')
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AgentFailure } from '../../src/domain/agent.ts'
import type { PromptEnd } from '../../src/domain/conversation/prompt.ts'
import { view } from '../../src/view/index.ts'
import * as notice from '../../src/view/text/notice.ts'
import { conversation, prompt } from '../support/conversation.ts'

/** The line a prompt ends with. */
const endText = (end: PromptEnd): string => view(conversation({ prompts: [prompt(1, { kind: 'ended', end })] }))[0]?.text ?? ''

const failure = (more: Partial<AgentFailure>): AgentFailure => ({
  name: 'APIError',
  message: 'Rate limited',
  status: 429,
  provider: 'anthropic',
  ...more,
})

describe('a failed run', () => {
  test.each([
    [{}, '✗ opencode session error: Rate limited (429) [anthropic]'],
    [{ status: undefined, provider: undefined }, '✗ opencode session error: Rate limited'],
    [{ message: ' ', provider: undefined }, '✗ opencode session error: APIError (429)'],
    [{ message: '{"a":\n "b_c"}', status: undefined }, '✗ opencode session error: {"a": "b\\_c"} [anthropic]'],
  ])('%j', (more, expected) => {
    expect(notice.failureText(failure(more))).toBe(expected)
  })

  test.each([
    [
      'a wrong key',
      { message: 'invalid x-api-key', status: 401 },
      /^✗ opencode session error: invalid x-api-key \(401\) \[anthropic\]\n/,
    ],
    [
      'no key',
      { name: 'ProviderAuthError', message: 'no key', status: undefined },
      /^✗ opencode session error: no key \[anthropic\]\n/,
    ],
    [
      'no provider',
      { name: 'UnknownError', message: 'ProviderNoProvidersError: No providers are available' },
      /^✗ OpenCode has no provider to ask\n/,
    ],
  ])('%s: the thread gets the command that helps', (_what, more, start) => {
    const text = notice.failureText(failure(more))
    expect(text).toMatch(start)
    expect(text).toMatch(/`\/login` here, or `npx opencode auth login`/)
    expect(notice.failureText(failure({ ...more, message: `${more.message} ${'x'.repeat(1000)}` })).length).toBeLessThanOrEqual(
      400,
    )
  })

  test('the name of a class is not told', () => {
    const message = 'ProviderModelNotFoundError: Model not found: a/b.'
    expect(notice.failureText(failure({ message, status: undefined, provider: undefined }))).toBe(
      '✗ opencode session error: Model not found: a/b.',
    )
  })

  test('a huge body is cut to 400 units, and status and provider stay (P-035)', () => {
    const text = notice.failureText(failure({ message: 'x'.repeat(10_000) }))
    expect(text).toHaveLength(400)
    expect(text).toMatch(/x… \(429\) \[anthropic\]$/)
    expect(notice.failureText(failure({ message: '_'.repeat(500) }))).toMatch(
      /^✗ opencode session error: (\\_){170,}… \(429\) \[anthropic\]$/,
    )
    const unit = fc.constantFrom('a', ' ', '_', '`', '😀', '\n')
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 2000, size: 'max' }), (message) => {
        const line = notice.failureText(failure({ message }))
        expect(line.length).toBeLessThanOrEqual(400)
        expect(line.endsWith(' (429) [anthropic]')).toBe(true)
        expect(line).not.toContain('\n')
      }),
    )
  })
})

test('what each notice names', () => {
  expect(endText({ kind: 'interrupted' })).toMatch(/^⬦ interrupted:[^\n]*\n.*[Ss]end a message to continue/)
  expect(notice.promptFailedText('OpenCode is not installed')).toBe('✗ the message was not run: OpenCode is not installed')
  expect(notice.directoryGoneText('/srv/app')).toMatch(/^✗ .*\/srv\/app/)
  expect(notice.configBrokenText('/srv/app/opencode.json', 'line 3')).toMatch(
    /^✗ .*\/srv\/app\/opencode\.json.*line 3[^\n]*\n.*works/,
  )
  expect(notice.threadFailedText('Missing Permissions', 50_013)).toContain('Missing Permissions')
  expect(notice.deadLetterText()).toContain('three times')
  expect(notice.postFallbackText()).not.toContain('\n')
})

test('every notice is one or two short lines that begin with a glyph, whatever is put into it', () => {
  const hostile = '*_`~|\n@everyone <@1>\u0000'.repeat(500)
  const texts = [
    notice.failureText(failure({ message: hostile, provider: hostile })),
    endText({ kind: 'interrupted' }),
    endText({ kind: 'failed', reason: { kind: 'gave-up' } }),
    notice.promptFailedText(hostile),
    notice.threadFailedText(hostile, undefined),
    notice.threadFailedText(hostile, 200_001),
    notice.directoryGoneText(hostile),
    notice.configBrokenText(hostile, hostile),
    endText({ kind: 'failed', reason: { kind: 'empty-loop' } }),
    endText({ kind: 'failed', reason: { kind: 'endless-answer' } }),
    endText({ kind: 'failed', reason: { kind: 'repeated-failure', tool: hostile } }),
    endText({ kind: 'failed', reason: { kind: 'context-overflow' } }),
    endText({ kind: 'failed', reason: { kind: 'stalled', afterMs: 8000 } }),
    notice.notSeenText(),
    notice.refusedText(),
    notice.deadLetterText(),
    notice.postFallbackText(),
    notice.postFallbackText(50_013),
  ]
  for (const text of texts) {
    expect(text).toMatch(/^[✗⬦] \S/)
    expect(text.split('\n').length).toBeLessThanOrEqual(2)
    expect(text.length).toBeLessThanOrEqual(1500)
    expect(text).toBe(text.trim())
  }
})

describe('V20: what a provider says in an error', () => {
  test('keeps no key, though the line is cut', () => {
    const key = ['sk', 'proj-abcdefghijklmnop0123456789'].join('-')
    const message = `Incorrect API key provided: ${key}. ${'x'.repeat(500)} ${key}`
    expect(notice.failureText({ name: 'APIError', message, status: undefined, provider: undefined })).not.toContain(
      key.slice(0, 12),
    )
  })

  test('makes no link with other words than its address', () => {
    const told = notice.failureText({
      name: 'APIError',
      message: 'Log in [here](https://evil.example/login) now',
      status: undefined,
      provider: undefined,
    })
    expect(told).toContain(String.raw`\[here\](https://evil.example/login)`)
  })
})

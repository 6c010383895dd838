/** Canaries: secrets of every kind we meet, in every place they may turn up. None may pass. */
import { expect, test } from 'vitest'
import { redact } from '../../src/base/redact.ts'

const own = 'a-secret-of-ours-4711'
// Put together, so that no scanner takes this file for a leak.
const CANARIES: Readonly<Record<string, string>> = {
  'a Discord bot token': ['MTA1NzY2OTk1MjE2MDA1MTIw', 'GabcDE', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'].join('.'),
  'an OpenAI key': ['sk', 'proj-abcdefghijklmnop0123'].join('-'),
  'an Anthropic key': ['sk', 'ant-api03-abcdefghijklmnop0123'].join('-'),
  'a GitHub token': `ghp_${'a'.repeat(36)}`,
  'a Slack token': `xoxb-${'1'.repeat(12)}-abc`,
  'an AWS key': `AKIA${'A'.repeat(16)}`,
  'our own': own,
}

const PLACES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `{"token":"${secret}"}`,
  (secret) => `KEY=${secret} next`,
  (secret) => `https://host/?key=${secret}&x=1`,
  (secret) => `Error: ${secret}\n    at x`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `${secret},${secret}`,
]

test.each(Object.entries(CANARIES))('%s is taken out wherever it stands', (_name, secret) => {
  for (const place of PLACES) {
    const clean = redact(place(secret), [own])
    expect(clean).not.toContain(secret)
    expect(clean).toContain('[redacted]')
  }
})

test.each(['Bearer', 'Bot', 'Basic'])('what follows %s is taken out', (scheme) => {
  expect(redact(`"authorization":"${scheme} b3BlbmNvZGU6c2VjcmV0"`, [])).toBe(`"authorization":"${scheme} [redacted]"`)
})

test('a line of JSON stays one', () => {
  const line = JSON.stringify({ error: `failed with ${own}`, header: 'Bearer abcdefghijklmnopqrst', path: '/a/b' })
  expect(JSON.parse(redact(line, [own]))).toEqual({ error: 'failed with [redacted]', header: 'Bearer [redacted]', path: '/a/b' })
})

test('what is no secret stays: ids, paths, plain words, and secrets too short to be any', () => {
  const text = 'ses_0123456789abcdef 200000000000000001 /home/ann/project the Bot said no'
  expect(redact(text, ['no', ''])).toBe(text)
})

/** Canaries: secrets of every kind we meet, in every place they may turn up. None may pass. */
import { describe, expect, test } from 'vitest'
import { redact, redactShapes, Secrets } from '../../src/base/redact.ts'
import { looksSecret, secretsOf } from '../../src/base/known-secrets.ts'

const own = 'a-secret-of-ours-4711'
const NONE = new Secrets()
const many = (count: number, from = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7'): string => from.repeat(20).slice(0, count)
// Put together, so that no scanner takes this file for a leak.
const joined = (mark: string, ...pieces: readonly string[]): string => pieces.join(mark)
/** What must go, and the place it stands in. */
const SHAPES: readonly (readonly [name: string, secret: string, place?: (secret: string) => string])[] = [
  ['a Discord bot token', joined('.', 'MTA1NzY2OTk1MjE2MDA1MTIw', 'GabcDE', many(38))],
  ['an OpenAI key', joined('-', 'sk', `proj-${many(20)}`)],
  ['an Anthropic key', joined('-', 'sk', `ant-api03-${many(20)}`)],
  ['a GitHub token', joined('_', 'ghp', many(36))],
  ['a GitHub token of an app', joined('_', 'gho', many(36))],
  ['a fine-grained GitHub token', joined('_', 'github_pat', many(22), many(59))],
  ['a GitLab token', joined('-', 'glpat', many(20))],
  ['a Google key', `AIza${many(35)}`],
  ['an npm token', joined('_', 'npm', many(36))],
  ['an xAI key', joined('-', 'xai', many(80))],
  ['a Hugging Face token', joined('_', 'hf', many(34))],
  ['a Slack token', joined('-', 'xoxb', '1'.repeat(12), 'abc')],
  ['an AWS key id', `AKIA${'A'.repeat(16)}`],
  ['a JSON Web Token', joined('.', `eyJ${many(20)}`, `eyJ${many(40)}`, many(43))],
  ['the log-in of an address', `ann:${many(12)}`, (secret) => `postgres://${secret}@db.host/x`],
  ['a token in an address', many(40), (secret) => `https://${secret}@github.com/a/b`],
  ['the address of a webhook', many(68), (secret) => `https://discord.com/api/webhooks/200000000000000001/${secret}`],
  ['what follows Bearer', many(20), (secret) => `Authorization: Bearer ${secret}`],
  ['a password field', many(16), (secret) => `{"password": "${secret}"}`],
  ['an API key in a header', many(20), (secret) => `x-api-key: ${secret}`],
]
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', many(64), many(64), 'abc=', '-----END RSA PRIVATE KEY-----']

const PLACES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `{"token":"${secret}"}`,
  (secret) => `KEY=${secret} next`,
  (secret) => `https://host/?key=${secret}&x=1`,
  (secret) => `Error: ${secret}\n    at x`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `${secret},${secret}`,
]

describe('V20: what looks like a key', () => {
  test.each(SHAPES.map(([name, ...rest]) => ({ name, rest })))(
    '$name is taken out wherever it stands',
    ({ rest: [secret, place] }) => {
      for (const stand of place ? [place] : PLACES) {
        const clean = redactShapes(stand(secret))
        expect(clean).not.toContain(secret)
        expect(clean).toContain('[redacted]')
        expect(redactShapes(clean)).toBe(clean)
      }
    },
  )

  test.each(['\n', String.raw`\n`])('a private key is taken out, and what stands around it stays', (newline) => {
    expect(redactShapes(`key: ${PEM.join(newline)}${newline}and more`)).toMatch(/^key: \[redacted\]\s*(?:\\n)?and more$/)
  })

  test.each(['Bearer', 'Bot', 'Basic'])('what follows %s is taken out', (scheme) => {
    expect(redact(`"authorization":"${scheme} b3BlbmNvZGU6c2VjcmV0"`, NONE)).toBe(`"authorization":"${scheme} [redacted]"`)
  })

  test.each([
    'ses_0123456789abcdef 200000000000000001 /home/ann/project the Bot said no',
    '"key":"prompt/discord:200000000000000001/end" token: none, password: short',
    'https://example.com:8080/a@b and git@github.com:ann/project.git',
    'a risk-based approach; npm_config_registry; -----BEGIN CERTIFICATE-----',
    '2e6bd3a0c4f1a7b9d8e5f60718293a4b5c6d7e8f',
  ])('ids, paths and plain words stay: %s', (text) => expect(redactShapes(text)).toBe(text))
})

describe('V20: what is known to be secret', () => {
  const secret = 'Qm9_t-T0ken.w1th*signs/and+more=xyzW'
  const secrets = new Secrets([secret, 'short1'])

  test.each([
    ['as it is', secret],
    ['escaped for Markdown', secret.replaceAll(/[*_~|`\\]/g, String.raw`\$&`)],
    ['percent-encoded', encodeURIComponent(secret)],
    ['too short to be found in pieces', 'short1'],
  ])('goes %s', (_how, form) => {
    for (const place of PLACES) {
      expect(secrets.clean(place(form))).not.toContain(form)
      expect(secrets.clean(place(form))).toContain('[redacted]')
    }
  })

  test.each(['', 'u', 'user', 'opencode:', 'opencode:x'])('goes in base64 behind "%s"', (before) => {
    const coded = Buffer.from(`${before}${secret} and behind`).toString('base64')
    const clean = secrets.clean(`Basic ${coded}`)
    for (let at = 0; at + 20 <= coded.length; at += 1) {
      const piece = Buffer.from(coded.slice(at), 'base64').toString('latin1')
      if (piece.startsWith(secret.slice(0, 16))) expect(clean).not.toContain(coded.slice(at, at + 20))
    }
    expect(clean).toContain('[redacted]')
  })

  test('goes in two texts that it was cut into, wherever the cut is', () => {
    for (let at = 0; at <= secret.length; at += 1) {
      const shown = [`it is ${secret.slice(0, at)}`, `${secret.slice(at)} it was`].map((text) => secrets.clean(text))
      for (const text of shown) expect(longestShared(text, secret)).toBeLessThan(8)
    }
  })

  test('no more than seven characters of it stand in a text that is being written, and what was shown never grows into it', () => {
    for (let at = 0; at <= secret.length; at += 1) {
      for (const text of [
        `it is ${secret.slice(0, at)}`,
        `\`\`\`\n${secret.slice(0, at)}\n\`\`\`\nrunning`,
        `${secret.slice(0, at)}… (401)`,
      ])
        expect(longestShared(secrets.clean(text), secret)).toBeLessThan(8)
    }
  })

  test('cleaned twice is cleaned once, and the text does not grow', () => {
    for (const place of PLACES) {
      const clean = secrets.clean(place(secret))
      expect(secrets.clean(clean)).toBe(clean)
      expect(clean.length).toBeLessThanOrEqual(place(secret).length)
    }
  })

  test('a secret of equal characters, or one that begins like another, goes as well', () => {
    const both = new Secrets(['a'.repeat(40), `${secret}-and-longer`, secret])
    expect(both.clean(`x${'a'.repeat(40)}y ${secret}-and-longer z ${secret}`)).toBe('x[redacted]y [redacted] z [redacted]')
  })

  test('one that was learned later goes from then on', () => {
    const learning = new Secrets()
    expect(learning.clean(own)).toBe(own)
    learning.add(own)
    expect(learning.clean(own)).toBe('[redacted]')
  })

  test('plain words, and what is too short to be a secret, stay', () => {
    const text = `an answer with ${secret.slice(0, 7)}… and words\nand lines, no more`
    expect(new Secrets([secret, 'no', '']).clean(text)).toBe(text)
  })
})

test('a line of JSON stays one', () => {
  const line = JSON.stringify({ error: `failed with ${own}`, header: 'Bearer abcdefghijklmnopqrst', path: '/a/b' })
  const clean = { error: 'failed with [redacted]', header: 'Bearer [redacted]', path: '/a/b' }
  expect(JSON.parse(redact(line, new Secrets([own])))).toEqual(clean)
})

test('V20: of an environment, values of variables that hold keys by their name are secret, and passwords of addresses', () => {
  const environment = {
    OPENAI_API_KEY: 'key0123456',
    GITHUB_TOKEN: ' tok0123456 ',
    DATABASE_URL: 'postgres://ann:pa%20ss-word@db/x',
    SSH_KEY: '/home/ann/.ssh/id',
    AUTH_TOKEN: 'disabled',
    KEY: 'on',
    EDITOR: 'vim0123456',
    NOTHING_KEY: undefined,
  }
  expect(secretsOf(environment)).toEqual(['key0123456', 'tok0123456', 'pa%20ss-word', 'pa ss-word'])
  expect(['scripted-model', 'changeme', 'https://a.b/c1', '~/key1234'].filter(looksSecret)).toEqual([])
})

/** Characters in a row that both texts have. */
function longestShared(text: string, secret: string): number {
  for (let length = secret.length; length > 0; length -= 1)
    for (let at = 0; at + length <= secret.length; at += 1) if (text.includes(secret.slice(at, at + length))) return length
  return 0
}

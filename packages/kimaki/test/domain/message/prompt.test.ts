import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { promptParts, type PreparedAttachment } from '../../../src/domain/message/prompt.ts'
import { evil } from './fixtures/evil.ts'
import { incoming } from './fixtures/incoming.ts'
import { readBack, readTags } from './fixtures/read-back.ts'
import { runs } from '../../support/runs.ts'

const partId = (name: string): string => `prt_${name}`
const parts = (message: Partial<IncomingMessage>, prepared: readonly PreparedAttachment[] = [], agent?: string) =>
  promptParts({ message: incoming(message), prepared, partId, agent })
const texts = (...input: Parameters<typeof parts>) => parts(...input).flatMap((part) => (part.type === 'text' ? [part.text] : []))

describe('a prompt', () => {
  test('is the words of the person and, apart, who and where they are', () => {
    expect(parts({})).toEqual([
      { type: 'text', id: 'prt_text', text: 'fix the build' },
      {
        type: 'text',
        id: 'prt_user',
        synthetic: true,
        text: '<discord-user name="Ada" user-id="400" message-id="300" thread-id="300" />\n',
      },
    ])
  })

  test('asked aside, says first that this is no part of the work before it (P-242)', () => {
    const [first, ...rest] = promptParts({ message: incoming({}), prepared: [], partId, agent: undefined, copyOf: 'ses_parent' })
    expect(first).toMatchObject({ type: 'text', id: 'prt_aside', synthetic: true })
    expect(first?.type === 'text' && first.text).toMatch(
      /^<aside parent-session="ses_parent">\nThis is a question aside\.[^]*Do not continue[^]*<\/aside>\n$/,
    )
    expect(rest).toEqual(parts({}))
  })

  test('names the thread it was written in', () => {
    expect(texts({ inThread: true, channelId: '999' }).at(-1)).toContain('thread-id="999"')
  })

  test('quotes what it replies to, and tells the agent that is set', () => {
    expect(texts({ reply: { authorName: 'Bo', text: 'a < b' } }, [], 'plan').at(-1)).toBe(
      [
        '<discord-user name="Ada" user-id="400" message-id="300" thread-id="300" />',
        '<replied-message author="Bo">a &lt; b</replied-message>',
        '<system-reminder>The current agent is plan.</system-reminder>',
        '',
      ].join('\n'),
    )
  })

  test('carries small files as they are, and large ones, media and failures by what is known of them', () => {
    const prepared: readonly PreparedAttachment[] = [
      { kind: 'inline', name: 'a.tsx', mime: 'text/plain', size: 12, path: '/data/1-a.tsx', text: '<b>&amp;</b>\n' },
      { kind: 'saved', name: 'b.log', mime: 'text/plain', size: 70_000, path: '/data/2-b.log' },
      { kind: 'saved', name: 'c.zip', mime: 'application/zip', size: 10, path: '/data/3-c.zip' },
      {
        kind: 'file',
        name: 'd.png',
        mime: 'image/png',
        url: 'data:image/png;base64,AA==',
        sourceUrl: 'https://cdn/d.png?a=1&b=2',
      },
      { kind: 'failed', name: 'e.txt', reason: 'HTTP 404' },
      {
        kind: 'file',
        name: '../f\u202Egpj.pdf',
        mime: 'application/pdf',
        url: 'data:application/pdf;base64,AA==',
        sourceUrl: 'https://cdn/f',
      },
    ]
    const [text, ...rest] = parts({}, prepared)
    expect(text).toEqual({
      type: 'text',
      id: 'prt_text',
      text: [
        'fix the build',
        '<attachment filename="a.tsx" mime="text/plain" size="12" path="/data/1-a.tsx">\n<b>&amp;</b>\n\n</attachment>',
        '<attachment filename="b.log" mime="text/plain" size="70000" path="/data/2-b.log" large="true">\nNot inlined: read the file at its path.\n</attachment>',
        '<attachment filename="c.zip" mime="application/zip" size="10" path="/data/3-c.zip">\nNot inlined: read the file at its path.\n</attachment>',
        '<attachment filename="d.png" mime="image/png" url="https://cdn/d.png?a=1&amp;b=2" note="already part of this message, no need to fetch it" />',
        '<attachment filename="e.txt" error="HTTP 404" />',
        '<attachment filename="../f&#8238;gpj.pdf" mime="application/pdf" url="https://cdn/f" note="already part of this message, no need to fetch it" />',
      ].join('\n\n'),
    })
    expect(rest.slice(0, 2)).toEqual([
      { type: 'file', id: 'prt_file-0', mime: 'image/png', filename: 'd.png', url: 'data:image/png;base64,AA==' },
      {
        type: 'file',
        id: 'prt_file-1',
        mime: 'application/pdf',
        filename: '.._f_gpj.pdf',
        url: 'data:application/pdf;base64,AA==',
      },
    ])
  })

  test('is what was pasted when that made a file of it: the words, behind those that were typed', () => {
    const pasted = {
      kind: 'inline',
      name: 'message.txt',
      mime: 'text/plain; charset=utf-8',
      size: 9,
      path: '/data/1-message.txt',
      text: 'a <b> &\n',
    } as const
    const notes = { ...pasted, name: 'notes.txt', path: '/data/2-notes.txt' }
    const file =
      '<attachment filename="notes.txt" mime="text/plain; charset=utf-8" size="9" path="/data/2-notes.txt">\na <b> &\n\n</attachment>'
    expect(texts({ text: '' }, [pasted])[0]).toBe('a <b> &\n')
    expect(texts({ text: 'do this' }, [notes, pasted])[0]).toBe(`do this\n\na <b> &\n\n\n${file}`)
    expect(texts({ text: '' }, [{ ...pasted, text: ' \n' }])).toHaveLength(1)
  })

  test('is told to be in its file when what was pasted is too large', () => {
    const [text] = texts({ text: '' }, [
      { kind: 'saved', name: 'message.txt', mime: 'text/plain', size: 65_537, path: '/data/1-message.txt' },
    ])
    expect(text).toBe(
      [
        '<attachment filename="message.txt" mime="text/plain" size="65537" path="/data/1-message.txt" large="true">',
        'Not inlined: the words of this message are in the file at its path. Read them there.',
        '</attachment>',
      ].join('\n'),
    )
  })

  test('has what the message quotes between the words and the files, and may be nothing else', () => {
    const poll = { kind: 'poll', question: 'Ship?', answers: ['Yes'] } as const
    const block = '<poll question="Ship?">\n<answer>Yes</answer>\n</poll>'
    const failed = { kind: 'failed', name: 'a', reason: 'b' } as const
    expect(texts({ quotes: [poll] }, [failed])[0]).toBe(`fix the build\n\n${block}\n\n<attachment filename="a" error="b" />`)
    expect(texts({ text: '', quotes: [poll] })[0]).toBe(block)
  })

  test('has no text part without text', () => {
    expect(parts({ text: ' \n' }).map((part) => part.id)).toEqual(['prt_user'])
  })

  test.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['\u0000', 'file'],
    ['a\nb\\c.png', 'a_b_c.png'],
  ])('hands the file name %j over as %j', (name, filename) => {
    const part = parts({}, [{ kind: 'file', name, mime: 'image/png', url: 'data:,', sourceUrl: 'https://cdn/x' }])[1]
    expect(part).toMatchObject({ filename })
  })
})

describe('nothing breaks out of its wrapper', () => {
  const prepared: fc.Arbitrary<PreparedAttachment> = fc.oneof(
    fc.record({ kind: fc.constant('inline'), name: evil, mime: evil, size: fc.nat(), path: evil, text: evil } as const),
    fc.record({ kind: fc.constant('saved'), name: evil, mime: evil, size: fc.nat(), path: evil } as const),
    fc.record({ kind: fc.constant('file'), name: evil, mime: evil, url: fc.constant('data:,'), sourceUrl: evil } as const),
    fc.record({ kind: fc.constant('failed'), name: evil, reason: evil } as const),
  )

  test('attachments of any name and content are read back as they were', () => {
    fc.assert(
      fc.property(fc.array(prepared, { maxLength: 4 }), (attachments) => {
        const [text = ''] = texts({ text: 'words' }, attachments)
        const known = attachments.map((attachment) => readableOf(attachment))
        expect(readBack(text.slice('words'.length))).toEqual(known)
      }),
      { numRuns: runs(3000) },
    )
  })

  test('no spelling of the closing tag stands inside a file', () => {
    fc.assert(
      fc.property(evil, (content) => {
        const [text = ''] = texts({ text: 'words' }, [
          { kind: 'inline', name: 'a', mime: 'text/plain', size: 1, path: '/a', text: content },
        ])
        expect(text.match(/<\s*\/\s*attachment/gi)).toHaveLength(1)
      }),
      { numRuns: runs(2000) },
    )
  })

  test('author, quote and agent of any spelling are read back as they were', () => {
    fc.assert(
      fc.property(evil, evil, evil, evil, (authorName, quoted, words, agent) => {
        const text =
          texts(
            { author: { kind: 'person', id: '400', name: authorName }, reply: { authorName: quoted, text: words } },
            [],
            agent,
          ).at(-1) ?? ''
        expect(text.endsWith('\n')).toBe(true)
        expect(readTags(text)).toEqual([
          {
            name: 'discord-user',
            attributes: { name: authorName, 'user-id': '400', 'message-id': '300', 'thread-id': '300' },
            body: undefined,
          },
          { name: 'replied-message', attributes: { author: quoted }, body: words },
          { name: 'system-reminder', attributes: {}, body: `The current agent is ${agent}.` },
        ])
      }),
      { numRuns: runs(3000) },
    )
  })
})

function readableOf(attachment: PreparedAttachment): unknown {
  const { kind, name: filename } = attachment
  if (kind === 'failed') return { attributes: { filename, error: attachment.reason }, body: undefined }
  const { mime } = attachment
  if (kind === 'file') {
    return { attributes: { filename, mime, url: attachment.sourceUrl, note: expect.any(String) as unknown }, body: undefined }
  }
  const attributes = { filename, mime, size: String(attachment.size), path: attachment.path }
  if (kind === 'inline') return { attributes, body: attachment.text }
  const large = attachment.size > 65_536 ? { large: 'true' } : {}
  return { attributes: { ...attributes, ...large }, body: expect.any(String) as unknown }
}

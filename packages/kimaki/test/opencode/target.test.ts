import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { misreadFolder } from '../../src/opencode/wire/misread-folder.ts'
import { requestTarget } from '../../src/opencode/wire/target.ts'

/** As OpenCode reads the folder of a query: HTTP's decoding, and once more where that is possible. */
function folderThatOpenCodeReads(target: string): string | null {
  const folder = new URL(target, 'http://x').searchParams.get('directory')
  try {
    return folder === null ? null : decodeURIComponent(folder)
  } catch {
    return folder
  }
}

const HOSTILE = [
  ['a percent sign', '100%'],
  ['an encoded blank', 'My%20Repo'],
  ['an encoded percent sign', 'My%2520Repo'],
  ['an encoded way up', '%2e%2e%2fother'],
  ['a broken encoding', '%zz %E0%A4%A'],
  ['a plus', 'c++'],
  ['a hash', 'c#'],
  ['a question mark', 'what?'],
  ['ampersands and equals signs', 'a&directory=/etc'],
  ['blanks at both ends', ' my repo '],
  ['quotes', `it's "mine"`],
  ['a newline', 'one\ntwo\r'],
  ['a backslash', 'one\\two'],
  ['an emoji', '🦊'],
  ['an umlaut in one piece', '\u00fcber'],
  ['an umlaut in two pieces', 'u\u0308ber'],
] as const

test.each(HOSTILE)('OpenCode reads a folder with %s as it is called', (_what, name) => {
  const directory = `/home/me/${name}`
  expect(folderThatOpenCodeReads(requestTarget({ path: '/session', directory }))).toBe(directory)
})

test('OpenCode reads any folder as it is called, beside any query', () => {
  const piece = fc.constantFrom(
    '%',
    '%25',
    '%2',
    '+',
    '#',
    '?',
    '&',
    '=',
    ' ',
    '"',
    "'",
    '\n',
    '🦊',
    '\u00fc',
    'u\u0308',
    '/',
    'a',
  )
  const folder = fc.oneof(fc.string({ unit: piece }), fc.string({ unit: 'binary' })).map((name) => `/${name}`)
  fc.assert(
    fc.property(folder, folder, (directory, before) => {
      const target = requestTarget({ path: '/session', directory, query: { before } })
      return folderThatOpenCodeReads(target) === directory && new URL(target, 'http://x').searchParams.get('before') === before
    }),
  )
})

test('without a folder and a query, the path stays alone', () => {
  expect(requestTarget({ path: '/global/health' })).toBe('/global/health')
})

test.each([
  ['/home/me/My%20Repo', '/home/me/My Repo'],
  ['/home/%6de/repo', '/home/me/repo'],
  ['/home/me/50%25', '/home/me/50%'],
  ['/home/me/%2e%2e', '/home/me/..'],
])('OpenCode misreads %s as %s', (directory, read) => {
  expect(misreadFolder(directory)).toBe(read)
})

test.each(['/home/me/100%', '/home/me/%zz%20', '/home/me/c++ #1?&', '/home/me/ü 🦊'])(
  'OpenCode reads %s as it is',
  (directory) => {
    expect(misreadFolder(directory)).toBeUndefined()
  },
)

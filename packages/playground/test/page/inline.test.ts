import { expect, it } from 'vitest'
import { type Inline, parseInline } from '../../src/page/markdown/inline.ts'

/** The tree as a line: `strong(a em(b))`. */
function line(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'break') return '⏎'
      if (node.kind === 'code') return `code(${node.text})`
      if (node.kind === 'mention') return `mention(${node.userId})`
      if (node.kind === 'time') return `time(${node.at})`
      if (node.kind === 'place') return `place(${node.placeId})`
      return `${node.kind}(${line(node.children)})`
    })
    .join('')
}

it.each([
  ['**bold** and *slanted* and _slanted_', 'strong(bold) and em(slanted) and em(slanted)'],
  ['***both***', 'strong(em(both))'],
  ['**bold _slanted_**', 'strong(bold em(slanted))'],
  ['__under__ ~~struck~~ ||hidden||', 'underline(under) strike(struck) spoiler(hidden)'],
  ['┣ bash _node --test_', '┣ bash em(node --test)'],
  ['*tea ⋅ main ⋅ 2s ⋅ **plan***', 'em(tea ⋅ main ⋅ 2s ⋅ strong(plan))'],
  ['`a *b* _c_` d', 'code(a *b* _c_) d'],
  ['``a ` b``', 'code(a ` b)'],
  ['*a `*` b*', 'em(a code(*) b)'],
  ['one\ntwo', 'one⏎two'],
  ['asked in <#34>', 'asked in place(34)'],
  ['<@12> hello', 'mention(12) hello'],
  ['[docs](https://example.org/a) <https://example.org/b>', 'link(docs) link(https://example.org/b)'],
  ['[a message](<https://example.org/a>) of', 'link(a message) of'],
  ['since <t:1700000000:f>', 'since time(1700000000000)'],
  ['see https://example.org/a.', 'see link(https://example.org/a).'],
])('reads %s', (text, tree) => {
  expect(line(parseInline(text))).toBe(tree)
})

it.each(['2 * 3 * 4', 'snake_case_name', '**open', 'a ` b', '[no](ftp://x)', '<script>alert(1)</script>', '****'])(
  'leaves %s as it is',
  (text) => {
    expect(line(parseInline(text))).toBe(text)
  },
)

it('takes a backslash before a sign for that sign alone', () => {
  expect(line(parseInline(String.raw`\*not\* sk\_a \\ c:\dir`))).toBe(String.raw`*not* sk_a \ c:\dir`)
})

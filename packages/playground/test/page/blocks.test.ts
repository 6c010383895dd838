import { expect, it } from 'vitest'
import { parseBlocks } from '../../src/page/markdown/blocks.ts'

const paragraph = (text: string) => ({ kind: 'paragraph', text })

it('reads a fence with its language and keeps what is inside as it is', () => {
  expect(parseBlocks('before\n```js\n# a\n\n  - b\n```\nafter')).toEqual([
    paragraph('before'),
    { kind: 'code', language: 'js', text: '# a\n\n  - b' },
    paragraph('after'),
  ])
})

it('shows the backticks of a fence that nothing closes', () => {
  expect(parseBlocks('```js\nconst a = 1')).toEqual([paragraph('```js\nconst a = 1')])
})

it('takes three backticks inside four for code', () => {
  expect(parseBlocks('````md\n```js\n```\n````')).toEqual([{ kind: 'code', language: 'md', text: '```js\n```' }])
})

it('knows three levels of headings and the small print', () => {
  expect(parseBlocks('# A\n### B\n#### C\n-# d')).toEqual([
    { kind: 'heading', level: 1, text: 'A' },
    { kind: 'heading', level: 3, text: 'B' },
    paragraph('#### C'),
    { kind: 'subtext', text: 'd' },
  ])
})

it('reads lists in lists, and code in a list', () => {
  expect(parseBlocks('- a\n  - b\n- c\n  ```\n  d\n  ```')).toEqual([
    {
      kind: 'list',
      start: undefined,
      items: [
        [paragraph('a'), { kind: 'list', start: undefined, items: [[paragraph('b')]] }],
        [paragraph('c'), { kind: 'code', language: '', text: 'd' }],
      ],
    },
  ])
})

it('counts on from the first number', () => {
  expect(parseBlocks('3. a\n4. b')).toEqual([{ kind: 'list', start: 3, items: [[paragraph('a')], [paragraph('b')]] }])
})

it('quotes a line, or with three signs all the rest', () => {
  expect(parseBlocks('> a\n> b\nc')).toEqual([{ kind: 'quote', blocks: [paragraph('a\nb')] }, paragraph('c')])
  expect(parseBlocks('>>> a\nb')).toEqual([{ kind: 'quote', blocks: [paragraph('a\nb')] }])
})

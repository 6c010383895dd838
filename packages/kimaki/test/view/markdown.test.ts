import { expect, test } from 'vitest'
import { escapeInline, limitHeadings } from '../../src/view/text/markdown.ts'

test('inline text keeps no Markdown of its own', () => {
  expect(escapeInline('*a* _b_ ~~c~~ ||d|| `e` \\f')).toBe('\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\` \\\\f')
})

test.each([
  ['### three stays', '### three stays'],
  ['#### four', '### four'],
  ['###### six', '### six'],
  ['####### seven is no heading', '####### seven is no heading'],
  ['####no heading either', '####no heading either'],
  ['a\n  #### indented\nb', 'a\n  ### indented\nb'],
  ['> #### quoted', '> ### quoted'],
  ['in a line #### no', 'in a line #### no'],
  ['```sh\n#### comment\n```\n#### four', '```sh\n#### comment\n```\n### four'],
  ['````\n```\n#### code\n```\n````\n#### four', '````\n```\n#### code\n```\n````\n### four'],
  ['~~~\n#### code\n~~~\n#### four', '~~~\n#### code\n~~~\n### four'],
  ['```\n#### a fence that nothing closes', '```\n#### a fence that nothing closes'],
])('limitHeadings(%j) is %j', (text, expected) => {
  expect(limitHeadings(text)).toBe(expected)
})

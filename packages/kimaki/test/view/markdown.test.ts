import { expect, test } from 'vitest'
import { escapeInline } from '../../src/view/text/markdown.ts'

test('inline text keeps no Markdown of its own', () => {
  expect(escapeInline('*a* _b_ ~~c~~ ||d|| `e` \\f')).toBe('\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\` \\\\f')
})

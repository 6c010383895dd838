import { expect, test } from 'vitest'
import { escapeInline } from '../../src/view/text/markdown.ts'

test('inline text keeps no Markdown of its own', () => {
  expect(escapeInline('*a* _b_ ~~c~~ ||d|| `e` \\f')).toBe('\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\` \\\\f')
})

test('outside text makes no link with other words than its address, and no other sign of Discord', () => {
  const shown = escapeInline('[log in](https://evil.example) <#1> <t:1:R> </run:1> see https://host/a')
  expect(shown).toBe(String.raw`\[log in\](https://evil.example) \<#1> \<t:1:R> \</run:1> see https://host/a`)
})

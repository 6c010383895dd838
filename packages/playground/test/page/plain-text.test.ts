import { expect, it } from 'vitest'
import { plainText } from '../../src/page/markdown/plain-text.ts'

it('makes one line of an answer', () => {
  expect(plainText('## All **good**\n\n- `a`\n- b\n```js\nc()\n```\n\n⟦t000003⟧')).toBe('All good a b c()')
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeRules } from '../src/rules/describe.ts'

/** A formatter may pad the cells. */
const bare = (text: string) => text.replaceAll(/[ -]+/g, ' ').replaceAll('\\', '').trim()

test('the table of rules in the README is the one the code enforces', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, shown = ''] = /<!-- rules -->([\s\S]*)<!-- \/rules -->/.exec(readme) ?? []
  expect(bare(shown)).toBe(bare(describeRules()))
})

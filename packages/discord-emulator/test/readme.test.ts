import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeExceptions } from '../src/conformance/exceptions.ts'
import { describeRules } from '../src/rules/describe.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const section = (name: string) => new RegExp(`<!-- ${name} -->([\\s\\S]*)<!-- /${name} -->`).exec(readme)?.[1] ?? ''

/** A formatter may pad the cells. */
const bare = (text: string) => text.replaceAll(/[ -]+/g, ' ').replaceAll('\\', '').trim()

test('the table of rules in the README is the one the code enforces', () => {
  expect(bare(section('rules'))).toBe(bare(describeRules()))
})

test('the table of exceptions in the README is the one the conformance check makes', () => {
  expect(bare(section('exceptions'))).toBe(bare(describeExceptions()))
})

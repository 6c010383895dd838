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

test('the example in the README is the test that runs', () => {
  const example = readFileSync(new URL('example.test.ts', import.meta.url), 'utf8')
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(shown).toBe(example)
})

test('the clients in the README have the versions that are installed', () => {
  const installed = ['discord.js', '@discordjs/core', 'oceanic.js'].map((name) => {
    const manifest = new URL(`../../../node_modules/${name}/package.json`, import.meta.url)
    return [name, (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version]
  })
  const named = [...readme.matchAll(/^\| \[([^\]]+)\]\S+ +\| ([\d.]+) +\|/gm)].map(([, name, version]) => [name, version])
  expect(named).toEqual(installed)
})

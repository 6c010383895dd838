import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { expand } from '../src/config/commands.ts'

test.each([
  ['Greet $ARGUMENTS.', 'ada "and bob"', 'Greet ada "and bob".'],
  ['Greet $1, then $2.', 'ada bob and carol', 'Greet ada, then bob and carol.'],
  ['Greet $1 twice: $1.', '"ada b"', 'Greet ada b twice: ada b.'],
  ['Greet.', 'ada', 'Greet.\n\nada'],
  ['Greet.', '', 'Greet.'],
  ['It is !`echo $((1 + 2))`and !`printf four`.', '', 'It is 3\nand four.'],
])('%j with %j', async (template, args, words) => {
  expect(await expand(template, args, tmpdir())).toBe(words)
})

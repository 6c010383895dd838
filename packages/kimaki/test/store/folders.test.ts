/** What people decided about the programs that folders bring. */
import { expect, test } from 'vitest'
import { newFile, open } from './support.ts'

test('V27: a folder that brings programs is trusted only by a word; without one an earlier word stays', async () => {
  const file = newFile()
  const { folders } = open(file)
  const decide = async (directory: string, isTrusted: boolean | undefined, ...programs: readonly string[]) =>
    (await folders.decide(directory, { isTrusted, programs })).isTrusted
  expect(await decide('/plain', undefined)).toBe(true)
  expect(await decide('/cloned', undefined, 'plugin a')).toBe(false)
  expect(await decide('/cloned', undefined, 'plugin a')).toBe(false)
  expect(await decide('/cloned', true, 'plugin a')).toBe(true)
  expect(await decide('/cloned', undefined, 'plugin a', 'plugin b')).toBe(true)
  expect(await decide('/cloned', false, 'plugin a')).toBe(false)
  await folders.knows('/cloned', ['plugin c'])
  await folders.knows('/older', ['plugin d'])
  expect(folders.all()).toEqual([
    { directory: '/plain', isTrusted: true, programs: [] },
    { directory: '/cloned', isTrusted: false, programs: ['plugin c'] },
    { directory: '/older', isTrusted: true, programs: ['plugin d'] },
  ])
})

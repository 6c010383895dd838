/** Names of worktrees: what git, a shell and a person can read, whatever they were made from. */
import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { branchOf, derivedSlug, isMadeFolder, slugOf } from '../../src/domain/worktree.ts'

describe('a name', () => {
  test.each([
    ['Fix the Login', 'fix-the-login'],
    ['  spaces   and\ttabs ', 'spaces-and-tabs'],
    ['feature/über_cool!', 'featurebercool'],
    ['--dashes--', 'dashes'],
    ['../../etc', 'etc'],
  ])('%s becomes %s', (name, slug) => expect(slugOf(name)).toBe(slug))

  test.each(['', '   ', '---', 'привет', '🌳'])('of "%s" there is none', (name) => expect(slugOf(name)).toBeUndefined())

  test('whatever it is made from, it is plain', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        for (const slug of [slugOf(text), derivedSlug(text, 'otherwise')])
          if (slug !== undefined) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{0,39}$/)
      }),
    )
  })
})

describe('P-232: of words that nobody chose as a name', () => {
  test.each([
    ['add tests', 'add-tests'],
    ['Please reorganise the documentation', 'pls-rrgns-th-dcmnttn'],
    ['привет', 'otherwise'],
  ])('%s becomes %s', (words, slug) => expect(derivedSlug(words, 'otherwise')).toBe(slug))
})

test('a folder that Kimaki made is known by its path, and the branch by its name', () => {
  expect(branchOf('fix')).toBe('opencode/kimaki-fix')
  expect(['/d/worktrees/0123abcd/fix', '/d/worktrees/fix', '/home/ada/project'].map(isMadeFolder)).toEqual([true, false, false])
})

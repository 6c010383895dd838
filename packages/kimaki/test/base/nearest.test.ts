import { expect, test } from 'vitest'
import { nearest } from '../../src/base/nearest.ts'

test.each([
  ['strat', 'start'],
  ['hlep', 'help'],
  ['prject', 'project'],
  ['docter', 'doctor'],
  ['snd', 'send'],
  ['xyz', undefined],
  ['', undefined],
  ['startproject', undefined],
])('somebody who writes "%s" meant %s', (word, meant) => {
  expect(nearest(word, ['start', 'help', 'project', 'send', 'doctor'])).toBe(meant)
})

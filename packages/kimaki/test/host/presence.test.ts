/** Which names lie in a folder: asked as seldom as possible, and never wrong. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Presence } from '../../src/host/presence.ts'

const LATER = 10_000

let dir: string
let presence: Presence
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kimaki-presence-'))
  presence = new Presence({ now: () => Date.now() + LATER })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const found = (...names: readonly string[]) => presence.of(dir, names)

test('P1: what is there is told in the order of the question, also what a link names that leads nowhere', async () => {
  writeFileSync(join(dir, 'b'), '')
  mkdirSync(join(dir, 'a'))
  symlinkSync('nowhere', join(dir, 'link'))
  expect(await found('link', 'a', 'x', 'b')).toEqual(['link', 'a', 'b'])
  expect(await found('b', 'y')).toEqual(['b'])
})

test('P1: what comes, goes or is moved is noticed, however often it was asked before', async () => {
  expect(await found('a')).toEqual([])
  writeFileSync(join(dir, 'a'), '')
  expect(await found('a')).toEqual(['a'])
  renameSync(join(dir, 'a'), join(dir, 'b'))
  expect(await found('a', 'b')).toEqual(['b'])
  rmSync(dir, { recursive: true })
  expect(await found('a', 'b')).toEqual([])
  writeFileSync(dir, 'no folder')
  expect(await found('a', 'b')).toEqual([])
})

test('P2: on a drive whose time stamps are coarse, what comes soon after a change is noticed', async () => {
  const first = await stat(dir, { bigint: true })
  const coarse = new Presence({ now: () => Number(first.mtimeMs) + 1999, stat: async () => first })
  expect(await coarse.of(dir, ['a'])).toEqual([])
  writeFileSync(join(dir, 'a'), '')
  expect(await coarse.of(dir, ['a'])).toEqual(['a'])
})

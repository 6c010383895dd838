/** Which OpenCode may be used, by what `--version` prints. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SCRIPTED_OPENCODE } from 'scripted-opencode'
import { expect, onTestFinished, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { refusedOpenCode } from '../../src/cli/process/chosen-opencode.ts'
import type { Log } from '../../src/ports/host.ts'
import { startBot } from '../support/bot-process.ts'
import { checkVersion, isRecorded, refusedVersion, versionIn, versionOf } from '../../src/opencode/process/version.ts'

test.each([
  ['1.18.33\n', '1.18.33'],
  ['opencode v2.0.16\n', '2.0.16'],
  ['v1.18.4', '1.18.4'],
  ['warning: no cache\n1.19.0-beta.1\n', '1.19.0-beta.1'],
  ['', undefined],
  ['usage: opencode 1.2.3 [options]', undefined],
  ['local', undefined],
])('--version prints %j: that is %s', (output, version) => expect(versionIn(output)).toBe(version))

test('the version that is installed with Kimaki may be used, and its facts are on record', () => {
  const pinned = packageJson.dependencies['opencode-ai']
  expect(refusedVersion(pinned)).toBeUndefined()
  expect(isRecorded(pinned)).toBe(true)
})

test('OpenCode 2 is refused in one sentence that says what to do', () => {
  expect(refusedVersion('2.0.16')?.message).toMatch(
    /it is version 2\.0\.16, and Kimaki speaks with generation 1 only .*Unset OPENCODE_PATH/,
  )
})

/** A program that prints this, and notes each time it runs. */
function program(prints: string): { readonly path: string; readonly runs: () => number } {
  const folder = mkdtempSync(join(tmpdir(), 'version-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'opencode')
  writeFileSync(path, `#!/bin/sh\necho ran "$*" >>'${folder}/ran'\necho '${prints}'\n`)
  chmodSync(path, 0o755)
  return { path, runs: () => readFileSync(join(folder, 'ran'), 'utf8').match(/^ran --version$/gm)?.length ?? 0 }
}

test('a program is asked once, as long as it stays the same', async () => {
  const { path, runs } = program('1.18.40')
  expect(await Promise.all([versionOf(path, {}), versionOf(path, {})])).toEqual(['1.18.40', '1.18.40'])
  expect(await checkVersion(path, {})).toBe(path)
  expect(runs()).toBe(1)
  writeFileSync(path, `#!/bin/sh\necho 'opencode v2.1.4'\n`)
  expect(await checkVersion(path, {})).toMatchObject({ reason: expect.stringContaining('2.1.4') })
})

test('a program that says no version is not judged by it', async () => {
  expect(await checkVersion('/bin/false', {})).toBe('/bin/false')
})

test('before a start only the chosen OpenCode is asked, and one without recorded facts is named in the log', async () => {
  const warnings: unknown[] = []
  const quiet = (): void => undefined
  const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (...said) => void warnings.push(said) }
  const look = (path: string | undefined) => refusedOpenCode({ environment: { OPENCODE_PATH: path } }, log)
  expect(await look(undefined)).toBeUndefined()
  expect(await look('/there/is/none')).toBeUndefined()
  expect(await look(program('1.18.33').path)).toBeUndefined()
  expect(warnings).toEqual([])
  const newer = program('1.19.2').path
  expect(await look(newer)).toBeUndefined()
  expect(warnings).toEqual([['Kimaki has not been tried with OpenCode 1.19.2', { binary: newer, version: '1.19.2' }]])
  expect(await look(program('opencode v2.0.16').path)).toMatchObject({ reason: expect.stringContaining('generation 1 only') })
})

test('kimaki with OpenCode 2 ends with 64 and one sentence, before it takes the data folder over', async () => {
  const { path, runs } = program('opencode v2.0.16')
  const dataDir = join(path, '..', 'data')
  const bot = startBot(
    { kind: 'source' },
    { KIMAKI_BOT_TOKEN: 'any', KIMAKI_DATA_DIR: dataDir, KIMAKI_NO_WRAPPER: '1', OPENCODE_PATH: path },
  )
  expect(await bot.exited).toEqual({ code: 64, signal: null })
  expect(bot.stderr()).toMatch(/^kimaki: OpenCode is not used: it is version 2\.0\.16.*\.$/m)
  expect(runs()).toBe(1)
  expect(existsSync(join(dataDir, 'discord-sessions.db'))).toBe(false)
})

test('what plays OpenCode in tests says the version of the pinned one', async () => {
  expect(await versionOf(SCRIPTED_OPENCODE, {})).toBe(packageJson.dependencies['opencode-ai'])
})

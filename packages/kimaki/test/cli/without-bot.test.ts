/** Verbs where no bot runs: what is on record is told, what needs the bot ends with a sentence that says so, and nothing is written. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TryLater, UsageError } from '../../src/base/errors.ts'
import type { CliCommand } from '../../src/cli/command.ts'
import { CLI_COMMANDS } from '../../src/cli/commands/index.ts'
import { readConfig } from '../../src/cli/config.ts'

let dataDir = ''
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'kimaki-none-'))))
afterEach(() => rmSync(dataDir, { recursive: true }))

interface Told {
  readonly lines: readonly string[]
  readonly ended: number | Error
}

async function kimaki(words: string, args: readonly string[] = [], options: Record<string, unknown> = {}): Promise<Told> {
  const verb = CLI_COMMANDS.find(({ usage }) => usage.replace(/ [<[].*/, '') === words) as unknown as CliCommand
  const config = readConfig({}, { KIMAKI_DATA_DIR: dataDir })
  if (config instanceof Error) throw config
  const lines: string[] = []
  const ended = await verb.run({ config, args, options: options as never, print: (line) => void lines.push(line) })
  return { lines, ended }
}

describe('what needs the bot is worth trying again', () => {
  test.each([
    ['session read', ['ses_1']],
    ['session search', ['leaves']],
    ['session wait', ['ses_1']],
    ['session abort', ['ses_1']],
    ['session archive', ['ses_1']],
    ['session export', ['ses_1']],
    ['worktree merge', ['ses_1']],
  ])('kimaki %s', async (words, args) => {
    const { ended, lines } = await kimaki(words, args)
    expect(ended).toBeInstanceOf(TryLater)
    expect(String(ended)).toContain('Start kimaki, then run')
    expect(lines).toEqual([])
    expect(readdirSync(dataDir)).toEqual([])
  })

  test('kimaki send --wait, and nothing is left for the bot', async () => {
    const sent = await kimaki('send', [], { channel: '100000000000000001', prompt: 'hi', wait: true })
    expect(sent.ended).toBeInstanceOf(TryLater)
    expect(String(sent.ended)).toContain('nothing was sent')
  })
})

test('what needs none says that there is nothing yet', async () => {
  expect(await kimaki('session list')).toEqual({ ended: 0, lines: [expect.stringContaining('There is no session yet')] })
  expect(await kimaki('session list', [], { json: true })).toEqual({ ended: 0, lines: ['[]'] })
  expect(await kimaki('status', [], { json: true })).toEqual({ ended: 75, lines: ['{"running":false}'] })
  expect(await kimaki('bot status')).toEqual({ ended: 75, lines: [`kimaki does not run on ${dataDir}`] })
})

describe('wrong use is told in a sentence', () => {
  const CHANNEL = '100000000000000001'
  test.each([
    ['session list', [], { limit: '0' }, '--limit must be'],
    ['session read', [], {}, 'Give a session'],
    ['session read', ['ses_1'], { last: true }, 'Give a session'],
    ['session read', ['ses_1'], { project: '.' }, '--project goes with --last'],
    ['session read', ['x'], {}, '"x" names no session'],
    ['session discord-url', ['ses_1'], {}, 'There is no session ses_1 on record'],
    ['user list', ['ann'], { guild: 'x' }, '--guild must be'],
    ['user list', ['ann'], {}, 'KIMAKI_BOT_TOKEN is not set'],
    ['bot token', [], {}, 'No token is known'],
    ['logs', [], {}, 'kimaki has not run'],
    ['logs', [], { lines: 'all' }, '--lines must be'],
    ['send', [], { channel: CHANNEL, prompt: 'x', notifyOnly: true, wait: true }, '--wait does not go with --notify-only'],
    ['send', [], { thread: CHANNEL, prompt: 'x', permission: ['bash:deny'] }, '--permission is for the session of a new thread'],
    ['send', [], { channel: CHANNEL, prompt: 'x', permission: ['bash'] }, '--permission must be'],
    ['send', [], { channel: CHANNEL, prompt: 'x', model: 'm' }, '--model must be'],
    ['send', [], { channel: CHANNEL, prompt: 'x', user: 'ann' }, '--user must be'],
    ['send', [], { channel: CHANNEL, prompt: 'x', notifyOnly: true }, 'KIMAKI_BOT_TOKEN is not set'],
    ['send', [], { session: 'ses_1', prompt: 'x' }, 'There is no session ses_1 on record'],
  ])('kimaki %s %j %j', async (words, args, options, sentence) => {
    const { ended, lines } = await kimaki(words, args, options)
    expect(ended).toBeInstanceOf(UsageError)
    expect(String(ended)).toContain(sentence)
    expect(lines).toEqual([])
  })
})

test('the end of the log is printed', async () => {
  writeFileSync(join(dataDir, 'kimaki.log'), '{"msg":"one"}\n{"msg":"two"}\n')
  expect(await kimaki('logs', [], { lines: '1' })).toEqual({ ended: 0, lines: ['{"msg":"two"}'] })
})

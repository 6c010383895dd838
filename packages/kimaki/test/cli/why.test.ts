/** `kimaki why` where no bot answers: the database is read, and not touched. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import type { Config } from '../../src/cli/config.ts'
import { why } from '../../src/cli/commands/why.ts'
import { createStore } from '../../src/store/store.ts'
import { message } from '../support/conversation.ts'

const THREAD = '200000000000000009'

let dataDir: string
let database: string
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-why-'))
  database = join(dataDir, 'data.db')
  const store = createStore(database)
  if (store instanceof Error) throw store
  const conversation = { id: THREAD, guildId: '1', channelId: '2', directory: '/p', inThread: false }
  await store.commit({
    accept: [{ key: 'discord:1', request: { kind: 'message', message: message('hi') }, conversation, at: 1 }],
  })
  await store.close()
})
afterEach(() => rmSync(dataDir, { recursive: true }))

async function ask(thread: string, options: { readonly json?: true } = {}): Promise<readonly string[] | Error> {
  const lines: string[] = []
  const config = { dataDir, database, environment: { HOME: dataDir } } as unknown as Config
  const ended = await why.run({
    config,
    args: [thread],
    options: { json: undefined, ...options },
    print: (line) => void lines.push(line),
  })
  return ended instanceof Error ? ended : lines
}

const digest = (): string => createHash('sha256').update(readFileSync(database)).digest('hex')

test('no bot runs: says so, with what waits, and leaves the file as it is', async () => {
  const before = digest()
  expect(await ask(THREAD)).toEqual([
    '⬦ held up at gateway: Kimaki does not run, and one message waits for it here\nStart `kimaki` on its machine: it reads what was written meanwhile.',
  ])
  expect(digest()).toBe(before)
})

test('as JSON: the link and the finding stand apart from the words', async () => {
  const [line = ''] = (await ask(THREAD, { json: true })) as readonly string[]
  expect(JSON.parse(line)).toMatchObject({ thread: THREAD, link: 'gateway', finding: { kind: 'no-bot', waiting: 1 } })
})

test('it is read while another process has it open', async () => {
  const open = createStore(database)
  expect(await ask(THREAD)).toHaveLength(1)
  if (!(open instanceof Error)) await open.close()
})

test.each([
  ['no id', 'general'],
  ['a thread without a conversation', '300000000000000000'],
])('%s is a mistake of the caller', async (_what, thread) => {
  expect(await ask(thread)).toBeInstanceOf(UsageError)
})

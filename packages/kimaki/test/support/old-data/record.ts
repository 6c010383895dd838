/**
 * Records the data folder that the tests of old data begin with: `node packages/kimaki/test/support/old-data/record.ts`, then
 * `npx oxfmt packages/kimaki/test/support/old-data/kept`.
 *
 * What is kept was written by the bot of b1cd8ee (its files stood in other folders, nothing else differed), the last one whose state was
 * one flat record. Recorded by a newer bot it would show nothing: run this only to keep the data of another version beside it.
 *
 * The real bot, the real OpenCode and the emulator are led into a state in which as much as possible is under way, in ten threads; then
 * the bot is killed with SIGKILL. Kept are its database and OpenCode's as SQL, Discord's messages, and what the bot's own store made of
 * its rows. The OpenCode server lives on while its database is read: what is kept is what a machine that lost its power would have.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MessageType } from 'discord-api-types/v10'
import { openCodeProvider } from 'scripted-model'
import { createStore } from '../../../src/store/store.ts'
import { startHouse, type House, type Project } from '../house.ts'
import { until } from '../until.ts'
import { dump, restore } from './dump.ts'
import {
  ADDRESS,
  everythingIn,
  fileOf,
  HOUSE,
  NO_PID,
  type Kept,
  type Place,
  type RecordedMessage,
  type RecordedWorld,
} from './fixture.ts'
import { holdStreams } from './held-stream.ts'
import { rules } from './rules.ts'

const RECORDING = { kind: 'composition', file: new URL('recording-bot.ts', import.meta.url) } as const
const INTERRUPT_AFTER_MS = '1500'
/** Of Discord's own, about who is there and what a thread is called: nobody reads them, so they are not kept. */
const NOTICES: readonly MessageType[] = [MessageType.RecipientAdd, MessageType.ChannelNameChange]

const house = await startHouse({ rules: rules('refuses'), emulator: { rateLimits: false } })
const { emulator, model, owner } = house
const held = join(house.dir, 'held')
const database = join(house.dataDir, 'discord-sessions.db')
mkdirSync(held)
const provider = await holdStreams(model.url, (body) => body.includes('#m13') && body.includes('"tools"'))
try {
  const configuration = { ...openCodeProvider(provider.url), snapshot: false, lsp: false, formatter: false }
  writeFileSync(join(house.env['XDG_CONFIG_HOME'] ?? '', 'opencode', 'opencode.json'), JSON.stringify(configuration))
  const project = await house.project('alpha')
  const bot = await house.bot(RECORDING, { HELD: held, KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: INTERRUPT_AFTER_MS })
  const places = await live(house, project)
  const exit = await bot.exited
  if (exit.signal !== 'SIGKILL') throw new Error(`the bot ended on its own: ${bot.stderr()}`)
  await keep(house, project, places)
} finally {
  emulator.faults.clear()
  for (const name of readdirSync(held)) rmSync(join(held, name))
  await house.stop()
  await provider.stop()
}

/** What happens until the bot is killed. Nothing of it is undone, so that each thread stays where it was led. */
async function live({ guild, untilFooters, untilSaid }: House, project: Project): Promise<RecordedWorld['places']> {
  const say = (text: string, channel = project.channelId): string => owner.send(channel, text).id
  const hold = (call: string): void => writeFileSync(join(held, call), '')
  const finish = (file: string): void => writeFileSync(join(project.directory, file), '')

  const done = say('hello #m1')
  await untilFooters(done, 1)
  const named = say('hello again #m2')
  await untilFooters(named, 1)
  guild.rename(named, 'Named by ada')
  await untilRecorded(`SELECT 1 FROM conversation WHERE id = '${named}' AND state ->> '$.title.theirs' = 1`)

  // Its text is still open while its tool runs.
  const overtaken = say('until go-13 #m13')
  await untilRecorded(`SELECT 1 FROM conversation WHERE id = '${overtaken}' AND state ->> '$.sealed' <> '{}'`)

  // Stopped once for a newer message; with a queue and a command of ada's.
  const busy = say('until go-3 #m3')
  await untilSaid(busy, 'Working on #m3')
  const newer = say('until go-4 #m4', busy)
  await untilSaid(busy, 'Working on #m4')
  owner.edit(busy, newer, 'until go-44 #m4')
  await untilSaid(busy, 'the edit came too late')
  say('until go-5 #m5. queue', busy)
  say('hello #m6. queue', busy)
  await untilSaid(busy, 'queued at position 2')
  say('!echo begun; sleep 600', busy)
  await untilSaid(busy, /begun\n/)

  // One question aside was asked, one is being copied, one waits for that.
  const source = say('castle is blue')
  await untilFooters(source, 1)
  say('build castle', source)
  await untilSaid(source, /bash _until/)
  say('why blue. btw', source)
  await untilSaid(source, '⬦ asked aside in')
  const aside = emulator.world.threads(project.channelId).find((thread) => 'name' in thread && thread.name?.startsWith('btw'))?.id
  if (aside === undefined) throw new Error('no thread for the question aside')
  await untilFooters(aside, 1)
  hold('fork')
  say('why round. btw', source)
  say('why tall. btw', source)
  await untilRecorded(`SELECT 1 FROM effect WHERE kind = 'fork' AND state = 'new'`)

  const limited = say('limited #m7')
  await untilSaid(limited, /asking the provider again/)

  // About to be stopped for a newer message.
  hold('abort')
  const waiting = say('until go-8 #m8')
  await untilSaid(waiting, 'Working on #m8')
  say('hello #m9', waiting)
  await untilRecorded(`SELECT 1 FROM effect WHERE kind = 'interrupt' AND state = 'new'`)

  const asking = say('question go-10 #m10')
  await untilSaid(asking, 'Working on #m10')
  const fault = { times: Number.POSITIVE_INFINITY, effect: { kind: 'status', status: 503 } } as const
  emulator.faults.add({ ...fault, route: 'POST /channels/:channel/messages/:message/threads' })
  const unopened = say('hello #m11')
  await untilRecorded(`SELECT 1 FROM prompt WHERE conversation = '${unopened}' AND phase ->> '$.kind' = 'seen'`)
  emulator.faults.add({ ...fault, route: 'POST /channels/:channel/messages' })
  finish('go-10')
  await untilRecorded(`SELECT 1 FROM posted WHERE conversation = '${asking}' AND state = 'unsent'`)
  await untilRecorded(`SELECT 1 FROM effect WHERE kind = 'reject-ask' AND state = 'done'`)
  hold('die')
  say('and more #m12', named)
  return { done, named, overtaken, busy, source, aside, limited, waiting, asking, unopened }
}

async function keep(
  { dir, guild, application }: House,
  project: Project,
  places: Readonly<Record<Place, string>>,
): Promise<void> {
  // A killed process cannot end this file's log; what it holds belongs to it.
  const db = new DatabaseSync(database)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.exec(`UPDATE server SET pid = ${NO_PID}, password = 'none'`)
  const conversations = db.prepare('SELECT id FROM conversation ORDER BY id').all()
  db.close()
  const opencode = join(dir, 'opencode-read.db')
  const inUse = new DatabaseSync(join(house.env['XDG_DATA_HOME'] ?? '', 'opencode', 'opencode.db'))
  inUse.exec(`VACUUM INTO '${opencode}'`)
  inUse.close()

  const anywhere = (text: string): string => text.replaceAll(dir, HOUSE).replaceAll(new URL(emulator.origin).host, ADDRESS)
  const write = (name: Kept, text: string): void => writeFileSync(fileOf(name), anywhere(text))
  const kimaki = anywhere(dump(database))
  write('kimaki.sql', kimaki)
  // Without its log of events, three quarters of the file: sessions are read from the other tables.
  write('opencode.sql', dump(opencode, ['event']))
  const world: RecordedWorld = {
    commit: execFileSync('git', ['-C', project.directory, 'rev-list', '--max-parents=0', 'HEAD'], { encoding: 'utf8' }).trim(),
    guild: guild.id,
    owner: owner.id,
    bot: application.id,
    application: application.applicationId,
    channel: project.channelId,
    places,
    threads: emulator.world
      .threads(project.channelId)
      .map((thread) => ({ id: thread.id, name: ('name' in thread && thread.name) || '' })),
    messages: [project.channelId, ...emulator.world.threads(project.channelId).map(({ id }) => id)]
      .flatMap(messagesOf)
      .toSorted(byId),
    asked: model.log.map(({ seq, sessionId, hasTools, userTexts, answers, tokensBefore, tools, token, outcome }) => {
      const request = { seq, sessionId, hasTools, userTexts, answers, tokensBefore, tools, token }
      return { ...request, outcome: outcome === 'open' ? 'gone' : outcome }
    }),
  }
  write('world.json', JSON.stringify(world))

  const copy = join(dir, 'copy.db')
  restore(kimaki, copy)
  const store = createStore(copy)
  if (store instanceof Error) throw store
  write(
    'expected.json',
    JSON.stringify(
      await everythingIn(
        store,
        conversations.map(({ id }) => String(id)),
      ),
    ),
  )
  await store.close()
}

function messagesOf(channel: string): readonly RecordedMessage[] {
  const told = emulator.world.messages(channel).filter(({ type }) => !NOTICES.includes(type))
  return told.map(({ id, author, content, components = [], type, attachments }) => {
    if (attachments.length > 0) throw new Error('files are not kept')
    const by = type === MessageType.ThreadStarterMessage ? 'starter' : author.id === house.application.id ? 'bot' : 'person'
    return { id, channel, by, content, ...(components.length > 0 && { components }) }
  })
}

function byId(one: RecordedMessage, other: RecordedMessage): number {
  return Number(BigInt(one.id) - BigInt(other.id))
}

async function untilRecorded(query: string): Promise<void> {
  await until(query, () => {
    const db = new DatabaseSync(database, { readOnly: true })
    try {
      return db.prepare(query).get() !== undefined
    } finally {
      db.close()
    }
  })
}

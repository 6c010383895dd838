/** Slash commands: what is proposed while somebody types, a long session that goes on in another thread, and what many commands cost at the start. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HttpClient } from '../src/opencode/wire/http.ts'
import type { Installed } from '../test/build/installed.ts'
import type { Harness, Project } from '../test/support/harness.ts'
import { ask } from './conversation.ts'
import { differenceOf, percentile, rowOf, type Row } from './row.ts'
import { readyStarts } from './starts.ts'

interface Place {
  readonly harness: Harness
  readonly built: Installed
  readonly project: Project
}

/** Beyond the tags that other figures use. */
const FIRST_TAG = 900_000
const SESSIONS = 1000
const PARTS = 2000
const COMMANDS = 100

export async function commands({ harness, built, project }: Place, n: number): Promise<readonly Row[]> {
  const bot = await harness.bot(built.entry)
  const { id: thread } = harness.owner.send(project.channelId, `hello #m${FIRST_TAG}`)
  await harness.untilFooters(thread, 1)
  await makeSessions(harness, project)
  const typed = await whileItWorks(harness, project, async () => type(harness, project, n))
  const resumed = await resume(harness, project, sessionOf(harness, thread))
  await bot.stop()
  return [
    rowOf(
      {
        figure: `p99 of what is proposed, ${SESSIONS} sessions, under load`,
        unit: 'ms',
        target: { kind: 'at most', value: 150 },
      },
      [percentile(typed, 0.99)],
    ),
    rowOf({ figure: `/resume of ${PARTS} parts, visible`, unit: 'ms', target: { kind: 'at most', value: 2000 } }, [resumed]),
  ]
}

/** Both with the same project, in turn. */
export async function manyCommands({ harness, built, project }: Place, n: number): Promise<Row> {
  const without = await readyStarts(harness, built, n)
  const offered = { agents: [], commands: Array.from({ length: COMMANDS }, (_, nth) => offeredCommand(nth)) }
  const db = new DatabaseSync(join(harness.dataDir, 'discord-sessions.db'))
  db.prepare('INSERT OR REPLACE INTO offered (directory, body) VALUES (?, ?)').run(project.directory, JSON.stringify(offered))
  db.close()
  // The first start tells Discord.
  await readyStarts(harness, built, 1)
  const withThem = await readyStarts(harness, built, n)
  const heading = { figure: `${COMMANDS} commands, added to ready`, unit: 'ms', target: { kind: 'at most', value: 20 } } as const
  return differenceOf(heading, withThem, without)
}

const offeredCommand = (nth: number) => ({ name: `command-${nth}`, description: 'Does one of many things', source: 'command' })

async function makeSessions(harness: Harness, { directory }: Project): Promise<void> {
  const http = new HttpClient(serverOf(harness, directory), new AbortController().signal)
  for (let nth = 0; nth < SESSIONS; nth += 1) {
    const made = await http.call({ method: 'POST', path: '/session', directory, body: { title: `Plan the garden, part ${nth}` } })
    if (made instanceof Error) throw made
  }
  http.close()
}

/** Somebody types one letter after the other, and looks at what is proposed. */
async function type({ owner, emulator }: Harness, { channelId }: Project, n: number): Promise<readonly number[]> {
  const samples: number[] = []
  const words = 'the garden, part 42'
  for (let nth = 0; nth < n; nth += 1) {
    const startedAt = performance.now()
    const typing = owner.autocomplete(channelId, 'resume', { session: words.slice(0, 1 + (nth % words.length)) }, 'session')
    await emulator.world.until('what is proposed', () => typing.choices)
    samples.push(performance.now() - startedAt)
  }
  return samples
}

async function whileItWorks<T>(harness: Harness, { channelId }: Project, work: () => Promise<T>): Promise<T> {
  let isOver = false
  const talk = async (): Promise<void> => {
    for (let nth = 1; !isOver; nth += 1) await ask(harness, { channelId, inThread: false }, `#m${FIRST_TAG + nth}`)
  }
  const talking = talk()
  const result = await work()
  isOver = true
  await talking
  return result
}

async function resume(harness: Harness, { channelId }: Project, session: string): Promise<number> {
  const last = fill(harness, session)
  const startedAt = performance.now()
  const use = harness.owner.command(channelId, 'resume', { session })
  const thread = await harness.emulator.world.until(
    'the thread of the session',
    () => /<#(\d+)>/.exec(use.response?.content ?? '')?.[1],
  )
  await harness.untilSaid(thread, last)
  return performance.now() - startedAt
}

/** The words of the last part. */
function fill({ env }: Harness, session: string): string {
  const db = new DatabaseSync(join(env['XDG_DATA_HOME'] ?? '', 'opencode', 'opencode.db'))
  const part = db
    .prepare(
      `SELECT * FROM part WHERE session_id = ? AND json_extract(data, '$.type') = 'text' ORDER BY time_created DESC, id DESC`,
    )
    .get(session)
  if (!part) throw new Error(`the session ${session} has no words`)
  const put = db.prepare(
    'INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const words = (nth: number): string => `Part ${nth} of many.`
  db.exec('BEGIN')
  for (let nth = 1; nth <= PARTS; nth += 1)
    put.run(
      `${String(part['id'])}${String(nth).padStart(5, '0')}`,
      String(part['message_id']),
      session,
      Number(part['time_created']),
      Number(part['time_updated']),
      JSON.stringify({ ...JSON.parse(String(part['data'])), text: words(nth) }),
    )
  db.exec('COMMIT')
  db.close()
  return words(PARTS)
}

function serverOf({ dataDir }: Harness, directory: string): { readonly port: number; readonly password: string } {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const { port, password } = db.prepare('SELECT port, password FROM server WHERE directory = ?').get(directory) ?? {}
  db.close()
  return { port: Number(port), password: String(password) }
}

function sessionOf({ dataDir }: Harness, thread: string): string {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const { session } = db.prepare('SELECT session FROM binding WHERE conversation = ?').get(thread) ?? {}
  db.close()
  return String(session)
}

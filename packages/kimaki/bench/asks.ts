/** What the agent asks: how soon its card stands, and how soon OpenCode has the answer that somebody pressed. Both ends are OpenCode's own events. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { HttpClient } from '../src/opencode/wire/http.ts'
import type { Installed } from '../test/build/installed.ts'
import { buttonsIn, press } from '../test/support/buttons.ts'
import type { Harness, Project } from '../test/support/harness.ts'
import { until } from '../test/support/until.ts'
import { readEvents } from './events.ts'
import { rowOf, type Row } from './row.ts'
import { NOTE } from './script.ts'

interface Place {
  readonly harness: Harness
  readonly built: Installed
  readonly project: Project
}

/** Beyond the tags that other figures use. */
const FIRST_TAG = 800_000
const WARM_UP = 3
const QUIET_MS = 150

export async function asks({ harness, built, project }: Place, n: number): Promise<readonly Row[]> {
  const note = join(harness.dir, NOTE)
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, 'words')
  const bot = await harness.bot(built.entry)
  const { id: first } = harness.owner.send(project.channelId, `hello #m${FIRST_TAG}`)
  await harness.untilFooters(first, 1)
  const life = new AbortController()
  const heard = await listen(harness, project, life.signal)
  const [card, reply]: readonly [number[], number[]] = [[], []]
  for (let round = 1; round <= n + WARM_UP; round += 1) {
    const samples = await askOnce(harness, project, { heard, tag: `#m${FIRST_TAG + round}` })
    if (round > WARM_UP) card.push(samples.card)
    if (round > WARM_UP) reply.push(samples.reply)
  }
  life.abort()
  await bot.stop()
  harness.expectFaithful()
  return [
    rowOf({ figure: "OpenCode's ask, its card stands", unit: 'ms', target: { kind: 'at most', value: 60 } }, card),
    rowOf({ figure: 'press, OpenCode has the answer', unit: 'ms', target: { kind: 'at most', value: 40 } }, reply),
  ]
}

interface Heard {
  readonly type: unknown
  /** Unix ms, as in the journal. */
  readonly at: number
}

async function askOnce(
  harness: Harness,
  { channelId }: Project,
  { heard, tag }: { readonly heard: readonly Heard[]; readonly tag: string },
): Promise<{ readonly card: number; readonly reply: number }> {
  const { journal, world } = harness.emulator
  const from = heard.length
  const at = (type: string): number | undefined => heard.slice(from).find((event) => event.type === type)?.at
  const { id } = harness.owner.send(channelId, `permit ${tag}`)
  const messageId = await world.until(`the card of ${tag}`, () => buttonsIn(harness, id)[0]?.messageId)
  const stands = journal.entries.find((entry) => entry.kind === 'message' && entry.messageId === messageId)?.at
  await pause(QUIET_MS)
  press(harness, id, 'Allow once')
  const replied = await until(`OpenCode to have the answer of ${tag}`, async () => at('permission.replied'))
  const pressed = journal.entries.findLast((entry) => entry.kind === 'dispatch' && entry.event === 'INTERACTION_CREATE')?.at
  await harness.untilFooters(id, 1)
  await pause(QUIET_MS)
  return { card: (stands ?? Number.NaN) - (at('permission.asked') ?? Number.NaN), reply: replied - (pressed ?? Number.NaN) }
}

/** The server of the bot, heard by a second listener. */
async function listen({ dataDir }: Harness, { directory }: Project, signal: AbortSignal): Promise<readonly Heard[]> {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const { port, password } = db.prepare('SELECT port, password FROM server WHERE directory = ?').get(directory) ?? {}
  db.close()
  const http = new HttpClient({ port: Number(port), password: String(password) }, signal)
  const events = await http.stream('/global/event', signal, 10_000)
  if (events instanceof Error) throw events
  const heard: Heard[] = []
  void readEvents(events, ({ type }) => void heard.push({ type, at: performance.timeOrigin + performance.now() }))
  return heard
}

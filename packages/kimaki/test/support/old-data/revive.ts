/**
 * Brings the recorded data folder to life in a harness of its own: a new Discord holds the recorded messages, OpenCode its sessions, and the
 * bot's folder the recorded database.
 *
 * Discord's ids cannot be chosen, nor can folders and commits. So the recorded messages are written anew, in their order and through the
 * public API (people speak, the bot's account posts), each new id is noted beside the old one, and the two databases are rewritten with
 * these notes before they are restored: ids, the folder, the address, the project's first commit. Ids of sessions, messages and parts of
 * OpenCode are left as they are. Tokens of recorded answers are moved out of the way of those that the new model gives.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelEntry } from 'checker'
import type { Harness, Project } from '../harness.ts'
import { restore } from './dump.ts'
import { ADDRESS, HOUSE, read, recordedWorld, type Place, type RecordedMessage, type RecordedWorld } from './fixture.ts'

export interface Revived {
  /** Of a recorded thread, or of the message it is to be opened from. */
  readonly places: Readonly<Record<Place, string>>
  /** What the model had been asked before. */
  readonly asked: readonly ModelEntry[]
}

type Rewrite = (text: string) => string

/** The harness's bot must not have run yet. */
export async function revive(harness: Harness, project: Project): Promise<Revived> {
  const world = recordedWorld()
  const ids = await writeAnew(harness, project, world)
  const [commit, host] = [firstCommit(project), new URL(harness.emulator.origin).host]
  const rewrite: Rewrite = (text) =>
    withIds(moveTokens(text), ids).replaceAll(HOUSE, harness.dir).replaceAll(ADDRESS, host).replaceAll(world.commit, commit)
  restore(rewrite(read('kimaki.sql')), join(harness.dataDir, 'discord-sessions.db'))
  const opencode = join(harness.env['XDG_DATA_HOME'] ?? '', 'opencode')
  mkdirSync(opencode, { recursive: true })
  restore(rewrite(read('opencode.sql')), join(opencode, 'opencode.db'))
  const { places, asked } = JSON.parse(rewrite(JSON.stringify(world))) as RecordedWorld
  return { places, asked }
}

/** Old id to new id. */
async function writeAnew(harness: Harness, project: Project, world: RecordedWorld): Promise<ReadonlyMap<string, string>> {
  const { guild, owner, application } = harness
  const ids = new Map([
    [world.guild, guild.id],
    [world.owner, owner.id],
    [world.bot, application.id],
    [world.application, application.applicationId],
    [world.channel, project.channelId],
  ])
  const unopened = new Map(world.threads.map((thread) => [thread.id, thread]))
  for (const message of world.messages) {
    const thread = unopened.get(message.channel)
    if (thread) {
      unopened.delete(thread.id)
      ids.set(thread.id, await openThread(harness, project, thread.name, ids.get(thread.id)))
    }
    ids.set(message.id, await write(harness, ids, message))
  }
  return ids
}

/** From the message of its id, where there is one. */
async function openThread(
  harness: Harness,
  { channelId }: Project,
  name: string,
  messageId: string | undefined,
): Promise<string> {
  const from = messageId === undefined ? '' : `/messages/${messageId}`
  const body = { name, auto_archive_duration: 1440, ...(messageId === undefined && { type: 11 }) }
  return asBot(harness, `/channels/${channelId}${from}/threads`, body)
}

async function write(
  harness: Harness,
  ids: ReadonlyMap<string, string>,
  { id: _id, ...recorded }: RecordedMessage,
): Promise<string> {
  const rewritten = withIds(moveTokens(JSON.stringify(recorded)), ids)
  const { channel, by, content, components } = JSON.parse(rewritten) as Omit<RecordedMessage, 'id'>
  if (by === 'person') return harness.owner.send(channel, content).id
  if (by === 'starter') return harness.emulator.world.messages(channel)[0]?.id ?? ''
  return asBot(harness, `/channels/${channel}/messages`, {
    content,
    allowed_mentions: { parse: [] },
    ...(components && { components }),
  })
}

/** Returns the id of what was made. */
async function asBot({ emulator, application }: Harness, path: string, body: object): Promise<string> {
  const response = await fetch(`${emulator.apiUrl}/v10${path}`, {
    method: 'POST',
    headers: { authorization: `Bot ${application.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const made = (await response.json()) as { readonly id?: string }
  if (!response.ok || made.id === undefined) throw new Error(`${path}: ${response.status} ${JSON.stringify(made)}`)
  return made.id
}

/** Every id must be known: one that were left as it is would name nothing. */
const withIds = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replace(/\b\d{17,20}\b/g, (id) => {
    const now = ids.get(id)
    if (now === undefined) throw new Error(`nothing was made for the id ${id}`)
    return now
  })

const moveTokens: Rewrite = (text) => text.replace(/⟦t(\d+)⟧/gu, '⟦t9$1⟧')

const firstCommit = ({ directory }: Project): string =>
  execFileSync('git', ['-C', directory, 'rev-list', '--max-parents=0', 'HEAD'], { encoding: 'utf8' }).trim()

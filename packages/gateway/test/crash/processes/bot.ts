/**
 * A bot with an inbox on disk, as a process of its own: `bot.ts ORIGIN TOKEN DATABASE`. What it hears and how far it has heard are one
 * transaction, and a new process resumes from there. The inbox holds a row for each time that a message was heard: nothing hides a second.
 */
import { DatabaseSync } from 'node:sqlite'
import { WebSocket } from 'ws'

interface Frame {
  readonly op: number
  readonly t?: string | null
  readonly s?: number | null
  readonly d: { readonly session_id?: string; readonly heartbeat_interval?: number; readonly content?: string } | null
}

const [origin = '', token = '', path = ''] = process.argv.slice(2)
const db = new DatabaseSync(path, { timeout: 5000 })
db.exec(`PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS inbox (content TEXT);
  CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY, session_id TEXT, s INTEGER);
  CREATE TABLE IF NOT EXISTS gaps (at INTEGER)`)
const keep = db.prepare('INSERT OR REPLACE INTO place (id, session_id, s) VALUES (1, ?, ?)')
const hear = db.prepare('INSERT INTO inbox (content) VALUES (?)')

const placeNow = (): { readonly session_id: string; readonly s: number } | undefined =>
  db.prepare('SELECT session_id, s FROM place').get() as { session_id: string; s: number } | undefined

connect()

function connect(): void {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/gateway?v=10&encoding=json`)
  const send = (op: number, d: unknown): void => socket.send(JSON.stringify({ op, d }))
  socket.on('error', () => undefined)
  socket.on('close', () => setTimeout(connect, 20))
  socket.on('message', (data: Buffer) => {
    const { op, t, s, d } = JSON.parse(data.toString()) as Frame
    const place = placeNow()
    if (op === 10 && place) send(6, { token, session_id: place.session_id, seq: place.s })
    else if (op === 10) send(2, { token, intents: 33_281, properties: {} })
    else if (op === 9) db.exec('INSERT INTO gaps VALUES (1); DELETE FROM place')
    if (op === 9) socket.close()
    if (op !== 0 || typeof s !== 'number') return
    db.exec('BEGIN IMMEDIATE')
    if (t === 'MESSAGE_CREATE' && d?.content?.startsWith('#') === true) hear.run(d.content)
    keep.run(d?.session_id ?? place?.session_id ?? '', s)
    db.exec('COMMIT')
  })
}

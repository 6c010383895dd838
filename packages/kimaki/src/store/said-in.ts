/** Who spoke in a channel and its threads since a person did: read from the newest accepted message back. */
import type { DatabaseSync } from 'node:sqlite'
import type { SaidInChannel } from '../domain/conversation/features/talk/bots.ts'
import type { Request } from '../domain/conversation/request.ts'
import { isForOthers, isPerson } from '../domain/message/incoming.ts'
import type { StorePort } from '../ports/store.ts'

const LOOK_BACK = 5000

type Said = Extract<Request, { kind: 'message' | 'begin' | 'unbegun' }>

export function prepareSaidIn(db: DatabaseSync): StorePort['saidIn'] {
  // A conversation that a program asked for has a second row, in its thread: both are one conversation, and only the first is looked at.
  // Of a terminal's session only the thread is new.
  const newest = db.prepare(`SELECT at, body, coalesce(
      (SELECT asked.conversation FROM inbox AS begun JOIN inbox AS asked ON asked.key = substr(begun.key, 7)
        WHERE begun.conversation = said.conversation AND begun.key >= 'begun:' AND begun.key < 'begun;'),
      conversation) AS conversation
    FROM (SELECT * FROM inbox ORDER BY seq DESC LIMIT ${LOOK_BACK}) AS said
    WHERE json_extract(place, '$.channelId') = ? AND json_extract(body, '$.kind') IN ('message', 'begin', 'unbegun')
      AND NOT (key >= 'begun:' AND key < 'begun;') AND NOT (key >= 'mirror:' AND key < 'mirror;')
    ORDER BY seq DESC`)
  return async (channelId) => {
    const found: SaidInChannel[] = []
    for (const row of newest.iterate(channelId)) {
      const { message } = JSON.parse(String(row['body'])) as Said
      if (isForOthers(message)) continue
      const { author } = message
      found.push({ conversation: String(row['conversation']), author, at: Date.parse(String(row['at'])) })
      if (isPerson(author)) break
    }
    return found
  }
}

/** A copy of a session (`POST /session/{id}/fork`): all messages before `messageID` under new ids, with their old times. It does not run. */
import type { Server } from './server.ts'
import { newId } from '../base/ids.ts'
import { NO_TOKENS } from '../store/shapes.ts'
import type { Session, Stored } from '../store/shapes.ts'
import { newSession } from './session.ts'

export function fork(server: Server, source: Session, messageID: string | undefined): Session {
  const { sessions } = server
  const { title, metadata } = source
  const copy = sessions.create({
    ...newSession(source, { title: forkTitle(title), ...(metadata && { metadata }) }),
    tokens: NO_TOKENS,
  })
  const all = sessions.messages(source.id)
  const end = all.findIndex(({ info }) => info.id === messageID)
  sessions.copy(copied(end < 0 ? all : all.slice(0, end), copy.id))
  return copy
}

function forkTitle(title: string): string {
  const [, base = title, count = '0'] = /^(.*) \(fork #(\d+)\)$/.exec(title) ?? []
  return `${base} (fork #${Number(count) + 1})`
}

function copied(messages: readonly Stored[], sessionID: string): readonly Stored[] {
  const ids = new Map(messages.map(({ info }) => [info.id, newId('msg')]))
  return messages.map(({ info, parts }) => {
    const messageID = ids.get(info.id) ?? newId('msg')
    const own = { id: messageID, sessionID }
    return {
      info: info.role === 'user' ? { ...info, ...own } : { ...info, ...own, parentID: ids.get(info.parentID) ?? info.parentID },
      parts: parts.map((part) => ({ ...part, id: newId('prt'), messageID, sessionID })),
    }
  })
}

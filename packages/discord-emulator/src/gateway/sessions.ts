/** All sessions: opened, carried over to another connection, and forgotten once nothing can resume them. */
import type { Snowflake } from '../api.ts'
import type { Realm } from '../world/realm/realm.ts'
import { createWire, type MeetEvent } from './disturb.ts'
import { createReplayLog, type ReplayLog, type Sent } from './replay-log.ts'
import type { Session, SessionLink } from './session.ts'

interface NewDispatch {
  readonly event: string
  readonly data: unknown
  readonly subjectId: string | undefined
}

export interface Sessions {
  open(wish: Pick<Session, 'bot' | 'intents' | 'shard'>, link: SessionLink): Session
  /** The session, unless it was forgotten. */
  find(id: string): Session | undefined
  /** Sessions that still take dispatches: linked, or unlinked within the window. */
  living(): readonly Session[]
  ofBot(botId: Snowflake): readonly Session[]
  /** Takes the session over from the connection it may still have, which is returned. */
  relink(session: Session, link: SessionLink): SessionLink | undefined
  unlink(session: Session, link: SessionLink): void
  /** It can no longer be resumed; a connection it has goes on. */
  forget(session: Session): void
  /** Numbers a dispatch, and writes it if the session is linked. */
  push(session: Session, dispatch: NewDispatch, kept?: boolean): void
  replay(session: Session, sent: Sent): void
}

export interface SessionSettings {
  readonly resumeWindow: number
  readonly replayBuffer: number
  readonly meetEvent: MeetEvent
  readonly replayLog: (log: ReplayLog) => ReplayLog
  readonly dispatched: (event: string, data: unknown) => unknown
}

export function createSessions(realm: Realm, settings: SessionSettings): Sessions {
  const { resumeWindow, replayBuffer, meetEvent, replayLog, dispatched } = settings
  const resumable = new Map<string, Session>()
  const linked = new Set<Session>()
  const { now } = realm.settings
  const expired = ({ unlinkedAt }: Session) => unlinkedAt !== undefined && now() - unlinkedAt > resumeWindow

  const forgetExpired = () => {
    for (const session of resumable.values()) if (expired(session)) resumable.delete(session.id)
  }
  const write = (session: Session, { sequence, event, subjectId, text }: Sent, replayed: boolean) => {
    if (session.link?.write(text) !== true) return
    const { id: sessionId, bot } = session
    realm.journal.append({ kind: 'dispatch', botId: bot.id, sessionId, event, sequence, subjectId, replayed })
  }
  const wire = createWire((session, sent) => write(session, sent, false), realm.settings.clock)
  const living = () => {
    forgetExpired()
    return [...new Set([...resumable.values(), ...linked])]
  }
  return {
    living,
    open(wish, link) {
      const id = realm.settings.secret(16).toString('hex')
      const session: Session = { ...wish, id, log: replayLog(createReplayLog(replayBuffer)), link, unlinkedAt: undefined }
      resumable.set(id, session)
      linked.add(session)
      return session
    },
    find(id) {
      forgetExpired()
      return resumable.get(id)
    },
    ofBot: (botId) => living().filter(({ bot }) => bot.id === botId),
    relink(session, link) {
      const before = session.link
      session.link = link
      session.unlinkedAt = undefined
      linked.add(session)
      return before
    },
    unlink(session, link) {
      if (session.link !== link) return
      session.link = undefined
      session.unlinkedAt = now()
      linked.delete(session)
    },
    forget: (session) => void resumable.delete(session.id),
    push(session, dispatch, kept) {
      const effect = meetEvent(session.bot.id, dispatch.event)
      const told = dispatched(dispatch.event, dispatch.data)
      // Changed before it is numbered: a RESUME repeats it as it was.
      const data = effect?.kind === 'change' ? effect.change(told) : told
      wire.deliver(session, session.log.append({ ...dispatch, data }, kept), effect)
    },
    replay: (session, sent) => write(session, sent, true),
  }
}

/** What we keep open with one live server: its event stream, what was heard on it, and what was asked of it. */
import type { AgentEvent } from '../../domain/conversation/agent.ts'
import type { Log } from '../../ports/host.ts'
import { createCatalog } from './catalog.ts'
import type { Catalog } from './catalog.ts'
import { createCommandNames } from './commands.ts'
import type { CommandNames } from './commands.ts'
import type { Http } from '../wire/http.ts'
import { record, text } from '../wire/json.ts'
import type { Json } from '../wire/json.ts'
import { createListening } from '../wire/listen.ts'
import type { Listening } from '../wire/listen.ts'
import type { LiveServer } from '../process/server.ts'
import { openStream } from '../wire/stream.ts'
import type { EventStream } from '../wire/stream.ts'

export interface Link {
  readonly server: LiveServer
  readonly http: Http
  readonly listening: Listening
  readonly stream: EventStream
  readonly catalog: Catalog
  readonly commands: CommandNames
  /** Where something may be running: every folder we asked about or heard of, newest last. */
  readonly directories: Set<string>
  /** Ids of all asks it has told. */
  readonly asked: Set<string>
  /** Sessions in which nothing is left of what an earlier server broke off. */
  readonly mended: Set<string>
  /** Sessions whose model is there: none of them has failed since that was seen. */
  readonly trusted: Set<string>
  /** Questions whose run was not heard to end, by session: when (`performance.now()`) each was handed over. */
  readonly begun: Map<string, { readonly directory: string; readonly at: number }>
}

/** With the pauses in between, one to two minutes without an event stream. */
const UNANSWERED = 10

export interface LinkOptions {
  readonly log: Log
  readonly tell: (event: AgentEvent) => void
  /** The event stream is (again) connected, or some of it was missed. */
  readonly connected: () => void
  /** Where an adopted server may run something. */
  readonly directories: Iterable<string>
}

export function openLink(server: LiveServer, { log, tell, connected, directories: known }: LinkOptions): Link {
  const { http } = server
  const directories = new Set(known)
  const asked = new Set<string>()
  const trusted = new Set<string>()
  const begun: Link['begun'] = new Map()
  const listening = createListening({
    tell(event) {
      if (event.kind === 'asked') asked.add(event.ask.id)
      // A run that we stopped says nothing about its model, and its next message is in a hurry.
      if (event.kind === 'failure' && event.failure.name !== 'MessageAbortedError') trusted.delete(event.session)
      if (event.kind === 'failure' || (event.kind === 'status' && event.status.kind === 'idle')) begun.delete(event.session)
      tell(event)
    },
    lookUp: (session) => lookUp(http, session),
    missed: () => void (server.gone.aborted || connected()),
  })
  const stream = openStream({
    http,
    log,
    connected,
    broken(times) {
      server.check()
      if (times < UNANSWERED || server.gone.aborted) return
      log.error('the OpenCode server answers no more and is ended', { pid: server.record.pid })
      void server.end()
    },
    heard(event) {
      const directory = text(record(event)['directory'])
      if (directory !== undefined && directory !== 'global') directories.add(directory)
      listening.hear(event)
    },
  })
  const [catalog, commands] = [createCatalog(http), createCommandNames(http)]
  return { server, http, listening, stream, directories, asked, mended: new Set(), trusted, begun, catalog, commands }
}

async function lookUp(http: Http, session: string): Promise<Json | undefined | Error> {
  const answer = await http.call({ method: 'GET', path: `/session/${encodeURIComponent(session)}` })
  if (answer.ok) return record(answer.value.json)
  const { kind } = answer.failure
  return kind === 'session-gone' || kind === 'stopped' ? undefined : new Error(kind)
}

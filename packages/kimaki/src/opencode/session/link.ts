/** What is kept open with one live server: its event stream, what came on it, and what was asked of the server. */
import { SessionGone } from '../../base/errors.ts'
import type { Secrets } from '../../base/redact.ts'
import type { AgentEvent } from '../../domain/agent.ts'
import type { Log } from '../../ports/host.ts'
import { isThere } from '../process/health.ts'
import type { LiveServer } from '../process/server.ts'
import { SilenceWatch, type Silence, type SilenceLimits } from '../process/silence.ts'
import type * as api from '../wire/api.ts'
import { sessionPath } from '../wire/http.ts'
import type { CallError, Http } from '../wire/http.ts'
import { read } from '../wire/read.ts'
import type { Received } from '../wire/read.ts'
import { SessionEvents } from '../wire/session-events.ts'
import { BoundedMap } from '../wire/bounded-map.ts'
import { openStream } from '../wire/stream.ts'
import type { EventStream } from '../wire/stream.ts'
import { Catalog } from './catalog.ts'
import { SessionSearch } from './history/proposed.ts'
import { ProjectChoices } from './lists/choices.ts'
import { RunsInFlight } from './in-flight.ts'
import { CommandNames } from './lists/command-names.ts'
import { Providers } from './log-ins/providers.ts'

export interface Link {
  readonly server: LiveServer
  readonly http: Http
  readonly events: SessionEvents
  readonly stream: EventStream
  readonly silence: SilenceWatch
  readonly catalog: Catalog
  readonly commands: CommandNames
  readonly sessionSearch: SessionSearch
  readonly choices: ProjectChoices
  readonly providers: Providers
  /** Folders in which something may run: every folder that a call or an event was about, newest last. */
  readonly directories: Set<string>
  /** Ids of all asks that the server has reported. */
  readonly reportedAsks: Set<string>
  /** Of asks that came on the stream: the folder that waits for the answer. */
  readonly askFolders: BoundedMap<string>
  /** Sessions from which everything is removed that an earlier server broke off, or that the provider refused. */
  readonly repaired: Set<string>
  /** Sessions whose model exists, and that have not failed since this was checked. */
  readonly trusted: Set<string>
  readonly inFlight: RunsInFlight
}

/** With the pauses in between, one to two minutes without an event stream. */
const UNANSWERED_LIMIT = 10

export interface LinkOptions {
  readonly log: Log
  readonly secrets: Secrets
  readonly onEvent: (event: AgentEvent) => void
  /** The event stream is (again) connected, or some of it was missed. */
  readonly onConnected: () => void
  /** The server answers nothing any more, or answers again. */
  readonly onSilence: (silence: Exclude<Silence, 'dead'>) => void
  readonly silence?: SilenceLimits | undefined
  /** Folders in which an adopted server may run something. */
  readonly directories: Iterable<string>
}

const ASK_FOLDERS = 1_000

export function openLink(server: LiveServer, options: LinkOptions): Link {
  const { log, secrets, onEvent, onConnected } = options
  const { http } = server
  const silence = watchSilence(server, options)
  const directories = new Set(options.directories)
  const reportedAsks = new Set<string>()
  const askFolders = new BoundedMap<string>(ASK_FOLDERS)
  const repaired = new Set<string>()
  const trusted = new Set<string>()
  const inFlight = new RunsInFlight()
  const events = new SessionEvents({
    onEvent(event) {
      if (event.kind === 'asked') reportedAsks.add(event.ask.id)
      // A run that a person stopped says nothing about its model, and the next message of its session is in a hurry.
      if (event.kind === 'failure' && event.failure.name !== 'MessageAbortedError') {
        trusted.delete(event.session)
        repaired.delete(event.session)
      }
      if (event.kind === 'failure' || (event.kind === 'status' && event.status.kind === 'idle')) inFlight.finish(event.session)
      onEvent(event)
    },
    lookUp: (session) => lookUpSession(http, session),
    onToast: ({ variant, title, message }) =>
      log.info('OpenCode tells something that is about no thread', { variant, title, message }),
    onMissed: () => void (server.gone.aborted || onConnected()),
  })
  const stream = openStream({
    http,
    log,
    onConnected,
    onBroken(times) {
      server.check()
      if (times < UNANSWERED_LIMIT || server.gone.aborted) return
      log.error('the OpenCode server answers no more and is ended', { pid: server.record.pid })
      void server.end()
    },
    onEvent(event) {
      silence.sign()
      const directory = read<api.GlobalEvent>(event).text('directory')
      if (directory !== undefined && directory !== 'global') directories.add(directory)
      const ask = directory === undefined ? undefined : askIdOf(event)
      if (directory !== undefined && ask !== undefined) askFolders.set(ask, directory)
      events.receive(event)
    },
  })
  const catalog = new Catalog(http, secrets)
  const commands = new CommandNames(http)
  const lists = { catalog, commands, choices: new ProjectChoices(http), sessionSearch: new SessionSearch(http) }
  const known = { directories, reportedAsks, askFolders, repaired, trusted, inFlight }
  return { server, http, events, stream, silence, providers: new Providers(http), ...lists, ...known }
}

/** One that is dead is ended, and then it is gone like any other. */
function watchSilence(server: LiveServer, { log, silence: limits, onSilence }: LinkOptions): SilenceWatch {
  const watch = new SilenceWatch({
    limits,
    probe: (deadlineMs) => isThere(server.http, deadlineMs),
    onChange(silence) {
      const { pid } = server.record
      if (silence === 'answers') log.info('the OpenCode server answers again', { pid })
      if (silence === 'silent') log.warn('the OpenCode server answers nothing', { pid })
      if (silence !== 'dead') return onSilence(silence)
      log.error('the OpenCode server answers no more and is ended', { pid })
      void server.end()
    },
  })
  if (server.gone.aborted) watch.stop()
  else server.gone.addEventListener('abort', () => watch.stop(), { once: true })
  return watch
}

async function lookUpSession(http: Http, session: string): Promise<Received<api.Session> | undefined | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session) })
  if (answer instanceof SessionGone) return undefined
  return answer instanceof Error ? answer : read(answer.json)
}

function askIdOf(event: unknown): string | undefined {
  const payload = read<api.GlobalEvent>(event).object('payload')
  const type = payload.text('type')
  if (type !== 'permission.asked' && type !== 'question.asked') return undefined
  return read<{ readonly id: string }>(payload.fields['properties']).text('id')
}

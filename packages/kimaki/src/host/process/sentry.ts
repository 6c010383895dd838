/**
 * Tells a Sentry of errors, where the operator has named one with `SENTRY_DSN`: one POST each, as Sentry's documentation of envelopes has it.
 * Nothing waits for it, nothing fails with it, and what is secret does not leave the machine.
 */
import { redactShapes, type Secrets } from '../../base/redact.ts'
import { cut } from '../../base/text.ts'
import type { Log } from '../../ports/host.ts'

/** A fault that comes again and again is told of often enough. */
const AT_MOST = 10
const WITHIN_MS = 60_000
const POST_MS = 5000
const TEXT_MAX = 8000

interface EnvelopePost {
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

export interface SentryOptions {
  readonly dsn: string
  readonly release: string
  readonly secrets: Pick<Secrets, 'clean'>
  /** Unix ms. */
  readonly now?: () => number
  readonly post?: (url: string, request: EnvelopePost) => Promise<Response>
  /** 32 hexadecimal digits. */
  readonly newId?: () => string
}

type Facts = Readonly<Record<string, unknown>>
export type ReportError = (message: string, facts?: Facts) => void

/** Undefined: the DSN is none. */
export function createSentry({
  dsn,
  release,
  secrets,
  now = Date.now,
  post = fetch,
  newId = () => crypto.randomUUID().replaceAll('-', ''),
}: SentryOptions): ReportError | undefined {
  const place = readDsn(dsn)
  if (!place) return undefined
  const sent: number[] = []
  const clean = (_name: string, value: unknown): unknown =>
    typeof value === 'string' ? cut(redactShapes(secrets.clean(value)), TEXT_MAX) : value
  return (message, facts = {}) => {
    const at = now()
    while (sent.length > 0 && at - (sent[0] ?? 0) >= WITHIN_MS) sent.shift()
    if (sent.length >= AT_MOST) return
    sent.push(at)
    const body = envelope({ id: newId(), at, release, message, facts }, clean)
    const headers = { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': place.authority(release) }
    const answer = post(place.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(POST_MS) })
    // Whether it arrives is nobody's trouble: the log has it.
    void answer.then(async (response) => response.body?.cancel()).catch(() => undefined)
  }
}

/** The same log, whose errors are reported too. */
export const reporting = (log: Log, report: ReportError): Log => ({
  ...log,
  error(message, facts) {
    log.error(message, facts)
    try {
      report(message, facts)
    } catch {
      // A report that cannot be made must not be the next error.
    }
  },
})

interface Event {
  readonly id: string
  readonly at: number
  readonly release: string
  readonly message: string
  readonly facts: Facts
}

/** Three lines of JSON: the envelope, what its item is, and the item (Sentry docs: Envelopes; Event Payloads). */
function envelope({ id, at, release, message, facts }: Event, clean: (name: string, value: unknown) => unknown): string {
  const { error, ...extra } = facts
  const event = {
    event_id: id,
    timestamp: at / 1000,
    platform: 'node',
    level: 'error',
    logger: 'kimaki',
    release: `kimaki@${release}`,
    message: { formatted: message },
    ...(typeof error === 'string' && { exception: { values: [exceptionOf(error)] } }),
    extra,
  }
  const item = JSON.stringify(event, clean)
  const length = Buffer.byteLength(item)
  const header = { event_id: id, sent_at: new Date(at).toISOString() }
  return [JSON.stringify(header), JSON.stringify({ type: 'event', length }), item, ''].join('\n')
}

/** Of the first line of a stack; all of it stands in the value, since frames of a bundle say little else. */
function exceptionOf(stack: string): { readonly type: string; readonly value: string } {
  const type = /^(?:Uncaught )?([A-Za-z]\w*)(?=:| \[)/.exec(stack)?.[1] ?? 'Error'
  return { type, value: stack }
}

interface Place {
  readonly url: string
  readonly authority: (release: string) => string
}

/** `https://<key>@<host>/<path>/<project>` (Sentry docs: DSN). */
function readDsn(dsn: string): Place | undefined {
  if (!URL.canParse(dsn)) return undefined
  const { protocol, username: key, host, pathname } = new URL(dsn)
  const [, path = '', project] = /^(.*)\/(\d+)\/?$/.exec(pathname) ?? []
  if (!/^https?:$/.test(protocol) || !/^\w+$/.test(key) || project === undefined) return undefined
  return {
    url: `${protocol}//${host}${path}/api/${project}/envelope/`,
    authority: (release) => `Sentry sentry_version=7, sentry_key=${key}, sentry_client=kimaki/${release}`,
  }
}

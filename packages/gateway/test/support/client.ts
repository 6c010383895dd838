/** A client as plain as can be: registers, is let in by a person of the emulator, speaks to the gateway by socket and by fetch. */
import { randomUUID } from 'node:crypto'
import type { Person } from 'discord-emulator'
import { hashOf, readRegistered, readStatus, tokenOf } from 'kimaki-protocol'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

export interface Payload {
  readonly op: number
  readonly t?: string | null
  readonly s?: number | null
  // What arrives is looked at field by field.
  readonly d: Json
}

export interface Json {
  readonly [key: string]: Json
  readonly [index: number]: Json
}

/** A field that should be a text. */
export const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : JSON.stringify(json ?? null))

export interface Registered {
  readonly clientId: string
  readonly token: string
  readonly attempt: string
  readonly code: string
  readonly installUrl: string
}

export async function register(origin: string, machine: string, again?: Registered): Promise<Registered> {
  const clientId = again?.clientId ?? randomUUID()
  const token = again?.token ?? tokenOf({ clientId, secret: clientId.replaceAll('-', '').repeat(2) })
  const body = JSON.stringify({
    client_id: clientId,
    secret_sha256: hashOf(token.slice(token.indexOf(':') + 1)),
    machine,
    restart: again !== undefined,
  })
  const response = await fetch(`${origin}/api/clients`, { method: 'POST', body })
  const answer = readRegistered(await response.json())
  if (answer instanceof Error) throw answer
  return { clientId, token, attempt: answer.attempt, code: answer.code, installUrl: answer.install_url }
}

export async function statusOf(origin: string, { token, attempt }: Registered) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${origin}/api/onboarding/status?attempt=${attempt}`, { headers })
  return readStatus(await response.json())
}

export interface Visit {
  readonly status: number
  readonly location: string
  readonly text: string
  readonly cookie: string
}

/** A browser that follows nothing by itself. */
export async function visit(address: string, cookie = ''): Promise<Visit> {
  const response = await fetch(address, { redirect: 'manual', headers: { cookie } })
  const set = (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text(), cookie: set }
}

/** Opens the install address, consents at Discord, and comes back; `change`: what becomes of the address of the way back. */
export async function install(
  { installUrl }: Registered,
  person: Person,
  guildId: string,
  { callback = '', change = (address: string) => address } = {},
): Promise<Visit> {
  const begun = await visit(callback === '' ? installUrl : `${installUrl}&callbackUrl=${encodeURIComponent(callback)}`)
  return visit(change(person.consent(begun.location, guildId)), begun.cookie)
}

export async function rest(origin: string, token: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bot ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${origin}/api/v10${path}`, { ...init, headers })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json }
}

export interface Line {
  readonly received: readonly Payload[]
  /** The first that fits, received already or later. */
  next(fits: (payload: Payload) => boolean): Promise<Payload>
  event(name: string): Promise<Payload>
  message(content: string): Promise<Payload>
  send(op: number, d: unknown): void
  readonly closed: Promise<number>
  /** Drops the line, as a crash does. */
  cut(): void
}

export const contentsOf = ({ received }: Line): readonly string[] =>
  received.flatMap(({ t, d }) => (t === 'MESSAGE_CREATE' && textOf(d['content']) !== '' ? [textOf(d['content'])] : []))

/** Connects and identifies, or resumes from where an earlier line was. */
export async function connect(origin: string, token: string, resume?: { readonly sessionId: string; readonly seq: number }) {
  const line = dial(`${origin.replace('http', 'ws')}/gateway?v=10&encoding=json`)
  await line.next(({ op }) => op === 10)
  if (resume) line.send(6, { token, session_id: resume.sessionId, seq: resume.seq })
  else line.send(2, { token, intents: 33_281, properties: {} })
  return line
}

export function placeOf(lines: readonly Line[]): { readonly sessionId: string; readonly seq: number } {
  const all = lines.flatMap(({ received }) => received)
  const sessionId = textOf(all.findLast(({ t }) => t === 'READY')?.d['session_id'])
  return { sessionId, seq: Math.max(...all.map(({ s }) => s ?? 0)) }
}

function dial(url: string): Line {
  const socket = new WebSocket(url)
  onTestFinished(() => socket.terminate())
  const received: Payload[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    received.push(JSON.parse(data.toString()) as Payload)
    for (const look of waiting) look()
  })
  socket.on('error', () => undefined)
  const next = (fits: (payload: Payload) => boolean) =>
    new Promise<Payload>((resolve) => {
      const look = () => {
        const found = received.find(fits)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return {
    received,
    next,
    event: (name) => next(({ t }) => t === name),
    message: (content) => next(({ t, d }) => t === 'MESSAGE_CREATE' && textOf(d['content']) === content),
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    closed: new Promise((resolve) => socket.once('close', resolve)),
    cut: () => socket.terminate(),
  }
}

/** The gateway has so many lines, and has noticed those that are cut. */
export async function untilConnected(origin: string, clients: number): Promise<void> {
  for (;;) {
    const metrics = await fetch(`${origin}/metrics`, { headers: { authorization: 'Bearer metrics' } })
    if ((await metrics.text()).includes(`gateway_clients_connected ${clients}\n`)) return
  }
}

/** How the gateway answers over HTTP. */
import type { ServerResponse } from 'node:http'
import { ownedBy, REFUSALS, type RefusalName } from 'kimaki-protocol'

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  send(response, status, JSON.stringify(body), { ...headers, 'content-type': 'application/json' })
}

/** In the shape of Discord's errors. `waitMs`: of a 429. */
export function refuse(response: ServerResponse, name: RefusalName, waitMs?: number): void {
  const { status, code, message } = REFUSALS[name]
  if (waitMs === undefined) return sendJson(response, status, { code, message })
  const seconds = waitMs / 1000
  const headers = { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': 'user' }
  sendJson(response, status, { code, message, retry_after: seconds, global: false }, headers)
}

/** The channel is the other machine's. */
export function refuseOwned(response: ServerResponse, machine: string): void {
  const { status, code } = REFUSALS.owned
  sendJson(response, status, { code, message: ownedBy(machine), machine })
}

export function redirect(response: ServerResponse, location: string, headers: Readonly<Record<string, string>> = {}): void {
  send(response, 302, '', { ...headers, location })
}

/** Nobody else may frame it, and it runs no script. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  send(response, status, html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  })
}

export function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return
  response.writeHead(status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers }).end(body)
}

/** What a route is, and what it may answer. */
import type { ServerResponse } from 'node:http'
import type { Instance } from '../config/instance.ts'
import type { Json } from '../base/json.ts'
import type { Server } from '../server/server.ts'
import type { Session } from '../store/shapes.ts'

export interface Call {
  readonly server: Server
  /** The variable pieces of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** `{}` where there is none. */
  readonly body: Json
  readonly response: ServerResponse
}

/** Without `json` the body is empty; `stream`: the response is written elsewhere. */
export type Reply =
  | { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'stream'

export type Handler = (call: Call) => Reply | Promise<Reply>
/** A call about the folder that `?directory=` or `x-opencode-directory` names, else that of the server. */
export type FolderHandler = (call: Call & { readonly instance: Instance }) => Reply | Promise<Reply>
/** A call about a session, which says itself where it lives. */
export type SessionHandler = (call: Call & { readonly instance: Instance; readonly session: Session }) => Reply | Promise<Reply>

/** `GET /session/:sessionID`: a piece that begins with a colon is variable. */
export type Route =
  | { readonly at: string; readonly about: 'server'; readonly handle: Handler }
  | { readonly at: string; readonly about: 'folder'; readonly handle: FolderHandler }
  | { readonly at: string; readonly about: 'session'; readonly handle: SessionHandler }

export const about = {
  server: (at: string, handle: Handler): Route => ({ at, about: 'server', handle }),
  folder: (at: string, handle: FolderHandler): Route => ({ at, about: 'folder', handle }),
  session: (at: string, handle: SessionHandler): Route => ({ at, about: 'session', handle }),
}

export const ok = (json: unknown): Reply => ({ status: 200, json })

export const notFound = (message: string): Reply => ({ status: 404, json: { name: 'NotFoundError', data: { message } } })

export const badRequest: Reply = { status: 400, json: { _tag: 'BadRequest' } }

/**
 * Calls to the bot. Where it is stands in a file of this folder, which each bot writes anew at its start: it is read at every call, so a
 * server that is older than the bot finds it, too.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { basename, dirname, join } from 'node:path'

/** Where the bot is, and the token that lets a call act for one folder. */
interface Link {
  readonly socket: string
  readonly token: string
}

export type Answer =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'away' }

export interface Bot {
  /** The file of this folder. */
  readonly link: string
  call(path: string, body: object, options: { readonly timeoutMs: number; readonly abort?: AbortSignal }): Promise<Answer>
}

/** `links`: the folder with the files. */
export function botOf(links: string, directory: string): Bot {
  const file = join(links, `${createHash('sha256').update(directory).digest('hex').slice(0, 32)}.json`)
  return {
    link: file,
    async call(path, body, { timeoutMs, abort }) {
      const link = readLink(file)
      if (!link) return { kind: 'away' }
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(abort ? [abort] : [])])
      return post(link.socket, path, { ...body, directory, token: link.token }, signal)
    },
  }
}

function readLink(file: string): Link | undefined {
  try {
    const { socket, token } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Link>
    return socket !== undefined && token !== undefined ? { socket, token } : undefined
  } catch {
    // No bot has been here yet, or it is writing the file.
    return undefined
  }
}

function post(socket: string, path: string, body: unknown, signal: AbortSignal): Promise<Answer> {
  const opened = openSocketPath(socket)
  if (!opened) return Promise.resolve({ kind: 'away' })
  return new Promise<Answer>((resolve) => {
    // Bun, in which OpenCode runs, tells a request nothing when its signal ends it before an answer has begun.
    signal.addEventListener('abort', () => resolve({ kind: 'away' }), { once: true })
    if (signal.aborted) resolve({ kind: 'away' })
    const call = request({ socketPath: opened.path, path, method: 'POST', agent: false, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('error', () => resolve({ kind: 'away' }))
      response.on('end', () => resolve(readAnswer(response.statusCode ?? 0, text)))
    })
    call.on('error', () => resolve({ kind: 'away' }))
    call.end(JSON.stringify(body))
  }).finally(() => opened.close())
}

/** 500: the bot is starting or stopping. */
function readAnswer(status: number, text: string): Answer {
  try {
    const body = JSON.parse(text) as { readonly error?: unknown }
    if (status === 200) return { kind: 'answer', body }
    return status >= 500 ? { kind: 'away' } : { kind: 'refused', why: String(body.error) }
  } catch {
    return { kind: 'away' }
  }
}

/** Bytes: a system takes a longer path only by way of the open folder. */
const LONGEST_SOCKET = 103

function openSocketPath(socket: string): { readonly path: string; readonly close: () => void } | undefined {
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET) return { path: socket, close: () => undefined }
  try {
    const folder = openSync(dirname(socket), 'r')
    return { path: `/proc/self/fd/${folder}/${basename(socket)}`, close: () => closeSync(folder) }
  } catch {
    return undefined
  }
}

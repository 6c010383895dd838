/** The line to the server: its event stream, and what the page can ask for. */
import type { Push } from '../../wire.ts'

/** `gone`: no answer, tried again; `stranger`: the server is another one than that which served this page. */
export type Line = 'open' | 'gone' | 'stranger'

export function connect(onPush: (push: Push) => void, onLine: (line: Line) => void): void {
  const source = new EventSource('/api/events')
  source.addEventListener('open', () => onLine('open'))
  source.addEventListener('message', (event: MessageEvent<string>) => onPush(JSON.parse(event.data) as Push))
  source.addEventListener('error', () => {
    source.close()
    void isStranger().then((stranger) => (stranger ? onLine('stranger') : again(onPush, onLine)))
  })
}

/** An event stream does not tell why it failed: a plain request does. */
async function isStranger(): Promise<boolean> {
  return fetch('/icon.svg').then(
    ({ status }) => status === 403,
    () => false,
  )
}

function again(onPush: (push: Push) => void, onLine: (line: Line) => void): void {
  onLine('gone')
  setTimeout(() => connect(onPush, onLine), RETRY_MS)
}

/** `told`: what only you are told. */
export type Answer = { readonly id: string; readonly told?: string } | { readonly error: string }

export const sendMessage = (placeId: string, content: string): Promise<Answer> => ask('messages', { placeId, content })

export const editMessage = (placeId: string, messageId: string, content: string): Promise<Answer> =>
  ask('edit', { placeId, messageId, content })

export const deleteMessage = (placeId: string, messageId: string): Promise<Answer> => ask('delete', { placeId, messageId })

export const pressButton = (placeId: string, messageId: string, button: string): Promise<Answer> =>
  ask('press', { placeId, messageId, button })

async function ask(what: string, values: Readonly<Record<string, string>>): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  try {
    const response = await fetch(`/api/${what}`, { method: 'POST', headers, body: JSON.stringify(values) })
    return (await response.json()) as Answer
  } catch {
    return { error: 'The playground does not answer: is it still running in the terminal?' }
  }
}

export async function killBot(): Promise<void> {
  await fetch('/api/kill', { method: 'POST' }).catch(() => undefined)
}

export async function openFile(id: string): Promise<string> {
  const response = await fetch(`/api/files/${encodeURIComponent(id)}`)
  return response.ok ? response.text() : 'This file cannot be opened any more.'
}

const RETRY_MS = 1_000

/** The line to the server: its event stream, and what the page can ask for. */
import type { Form, Push } from '../../wire.ts'
import { tokenOfTab } from './token.ts'

/** `gone`: no answer, tried again; `stranger`: the server is another one than that which served this page. */
export type Line = 'open' | 'gone' | 'stranger'

export function connect(onPush: (push: Push) => void, onLine: (line: Line) => void): void {
  void listen(onPush, onLine).then(
    (line) => (line === 'stranger' ? onLine('stranger') : again(onPush, onLine)),
    () => again(onPush, onLine),
  )
}

/** Hears the event stream to its end. `EventSource` would do, but sends no header of ours. */
async function listen(onPush: (push: Push) => void, onLine: (line: Line) => void): Promise<'gone' | 'stranger'> {
  const { body, ok, status } = await call('events')
  if (status === 403) return 'stranger'
  if (!ok || body === null) return 'gone'
  onLine('open')
  let text = ''
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const events = (text + piece).split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) tell(onPush, JSON.parse(event.slice('data: '.length)) as Push)
  }
  return 'gone'
}

/** A defect of the page is not one of the line. */
function tell(onPush: (push: Push) => void, push: Push): void {
  try {
    onPush(push)
  } catch (defect) {
    reportError(defect)
  }
}

async function call(what: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`/api/${what}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' } })
}

const TOKEN = tokenOfTab() ?? ''

function again(onPush: (push: Push) => void, onLine: (line: Line) => void): void {
  onLine('gone')
  setTimeout(() => connect(onPush, onLine), RETRY_MS)
}

/** `told`: what only you are told; `form`: what the bot asks for first. */
export type Answer = { readonly id: string; readonly told?: string; readonly form?: Form } | { readonly error: string }

export const sendMessage = (placeId: string, content: string): Promise<Answer> => ask('messages', { placeId, content })

export const editMessage = (placeId: string, messageId: string, content: string): Promise<Answer> =>
  ask('edit', { placeId, messageId, content })

export const deleteMessage = (placeId: string, messageId: string): Promise<Answer> => ask('delete', { placeId, messageId })

export const pressButton = (placeId: string, messageId: string, button: string): Promise<Answer> =>
  ask('press', { placeId, messageId, button })

export const chooseIn = (placeId: string, messageId: string, menu: string, values: readonly string[]): Promise<Answer> =>
  ask('choose', { placeId, messageId, menu, values: values.join('\n') })

/** Into the form that was shown last. */
export const fillForm = (words: string): Promise<Answer> => ask('fill', { words })

async function ask(what: string, values: Readonly<Record<string, string>>): Promise<Answer> {
  try {
    const response = await call(what, { method: 'POST', body: JSON.stringify(values) })
    return (await response.json()) as Answer
  } catch {
    return { error: 'The playground does not answer: is it still running in the terminal?' }
  }
}

export async function killBot(): Promise<void> {
  await call('kill', { method: 'POST' }).catch(() => undefined)
}

export async function openFile(id: string): Promise<string> {
  const response = await call(`files/${encodeURIComponent(id)}`)
  return response.ok ? response.text() : 'This file cannot be opened any more.'
}

const RETRY_MS = 1_000

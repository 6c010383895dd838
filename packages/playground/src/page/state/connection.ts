/** The line to the server: its event stream, and what the page can ask for. */
import type { Choice, Form, Push, SentFile } from '../../wire.ts'
import { sentFile } from '../base/files.ts'
import { speakerId } from './speaker.ts'
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

/** `form`: what the bot asks for first. */
export type Answer = { readonly id: string; readonly form?: Form } | Failure

interface Failure {
  readonly error: string
}

/** What is given for the option of a command. */
export type Given = string | number | boolean | File
export type Options = Readonly<Record<string, Given>>

export async function sendMessage(
  placeId: string,
  content: string,
  files: readonly File[] = [],
  as = speakerId(),
): Promise<Answer> {
  return ask('messages', { placeId, content, files: await Promise.all(files.map(sentFile)), as })
}

export const editMessage = (placeId: string, messageId: string, content: string): Promise<Answer> =>
  ask('edit', { placeId, messageId, content })

export const deleteMessage = (placeId: string, messageId: string): Promise<Answer> => ask('delete', { placeId, messageId })

export const pressButton = (placeId: string, messageId: string, button: string): Promise<Answer> =>
  ask('press', { placeId, messageId, button })

export const chooseIn = (placeId: string, messageId: string, menu: string, values: readonly string[]): Promise<Answer> =>
  ask('choose', { placeId, messageId, menu, values: values.join('\n') })

/** Words or files by the id of their field, into the form that was shown last. */
export async function fillIn(values: Readonly<Record<string, string | readonly File[]>>): Promise<Answer> {
  const fields = Object.entries(values).map(
    async ([id, value]) => [id, typeof value === 'string' ? value : await Promise.all(value.map(sentFile))] as const,
  )
  return ask('fill', { fields: Object.fromEntries(await Promise.all(fields)) })
}

export const useCommand = async (placeId: string, line: string, options: Options): Promise<Answer> =>
  ask('command', { placeId, line, options: await sent(options) })

/** What the bot proposes for the option that is being typed. */
export async function proposed(placeId: string, line: string, options: Options, focused: string): Promise<readonly Choice[]> {
  const values = { placeId, line, focused, options: await sent(options) }
  const answer = await ask<{ readonly choices: readonly Choice[] }>('propose', values)
  return 'error' in answer ? [] : answer.choices
}

async function sent(options: Options): Promise<Readonly<Record<string, string | number | boolean | SentFile>>> {
  const entries = Object.entries(options).map(
    async ([name, value]) => [name, value instanceof File ? await sentFile(value) : value] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function ask<T = Exclude<Answer, Failure>>(what: string, values: Readonly<Record<string, unknown>>): Promise<T | Failure> {
  try {
    const response = await call(what, { method: 'POST', body: JSON.stringify({ as: speakerId(), ...values }) })
    return (await response.json()) as T | Failure
  } catch {
    return { error: 'The playground does not answer: is it still running in the terminal?' }
  }
}

/** Causes one of the troubles that the menu offers; the answer says what was done. */
export const causeTrouble = (name: string): Promise<Answer> => ask('cause', { name })

export async function startBot(): Promise<void> {
  await call('start', { method: 'POST' }).catch(() => undefined)
}

export async function killBot(): Promise<void> {
  await call('kill', { method: 'POST' }).catch(() => undefined)
}

/** An attached file; undefined when it is not there any more. */
export async function openFile(id: string): Promise<Blob | undefined> {
  const response = await call(`files/${encodeURIComponent(id)}`).catch(() => undefined)
  return response?.ok === true ? response.blob() : undefined
}

const RETRY_MS = 1_000

/** What happens, told to everybody who listens now; nothing is kept for those who come later. */
import { newId } from '../base/ids.ts'

export interface Place {
  readonly directory: string
  readonly projectID: string
}

export interface Payload {
  readonly id: string
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** As on `GET /global/event`; `undefined` place: about the whole server. */
export type Listener = (place: Place | undefined, payload: Payload) => void

export class Bus {
  readonly #listeners = new Set<Listener>()

  tell(place: Place | undefined, type: string, properties: Payload['properties']): void {
    const payload = { id: newId('evt'), type, properties }
    for (const listener of this.#listeners) listener(place, payload)
  }

  /** Returns the end of it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

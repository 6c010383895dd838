/**
 * Requests for members (op 8; Discord docs: Gateway > Request Guild Members). The answer names nobody but a nonce: each request goes on
 * with one of the gateway's, and the answer comes back with the client's own.
 */
import { secretOf256Bits } from '../base/secret.ts'
import { textOf, type Fields } from '../base/shape.ts'

interface Open {
  readonly clientId: string
  readonly nonce: string | undefined
}

/** Requests that nobody answers are forgotten when there are more. */
const MOST = 1000

export class MemberRequests {
  readonly #open = new Map<string, Open>()

  /** As it is asked of Discord. */
  ask(clientId: string, { nonce, ...data }: Fields): Fields {
    const own = secretOf256Bits().slice(0, 32)
    const [oldest] = this.#open.keys()
    if (this.#open.size >= MOST && oldest !== undefined) this.#open.delete(oldest)
    this.#open.set(own, { clientId, nonce: typeof nonce === 'string' ? nonce : undefined })
    return { ...data, nonce: own }
  }

  /** Whose answer it is, and how the client sees it. */
  answer({ nonce, ...data }: Fields): { readonly clientId: string; readonly data: Fields } | undefined {
    const asked = this.#open.get(textOf(nonce))
    if (asked === undefined) return undefined
    if (Number(data.chunk_index) + 1 >= Number(data.chunk_count)) this.#open.delete(textOf(nonce))
    return { clientId: asked.clientId, data: asked.nonce === undefined ? data : { ...data, nonce: asked.nonce } }
  }
}

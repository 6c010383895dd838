/** Who asks: an id and a secret that are registered. */
import { hashOf, Malformed, readToken } from 'kimaki-protocol'
import { StoreAway } from '../base/errors.ts'
import { isSame } from '../base/secret.ts'
import type { Client, ClientStore } from '../ports/store.ts'

/** `token`: `clientId:secret`, with or without Discord's `Bot `. */
export function authenticate(store: ClientStore, token: string): Client | 'unauthorized' | StoreAway {
  const credentials = readToken(token.replace(/^Bot /, ''))
  if (credentials instanceof Malformed) return 'unauthorized'
  const client = store.find(credentials.clientId)
  if (client instanceof StoreAway) return client
  const isRight = client !== undefined && isSame(client.secretHash, hashOf(credentials.secret))
  return isRight ? client : 'unauthorized'
}

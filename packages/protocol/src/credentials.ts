/**
 * Who a machine is to a gateway: an id and a secret, made on the machine. The secret is said in headers and in IDENTIFY, never in an
 * address; the gateway keeps only its SHA-256.
 */
import { createHash } from 'node:crypto'
import { Malformed, secretText, uuid } from './read.ts'

export interface Credentials {
  readonly clientId: string
  readonly secret: string
}

/** `clientId:secret`: what stands where a bot token would. A bot token of Discord holds no colon. */
export function readToken(token: string): Credentials | Malformed {
  const [id, secret, ...rest] = token.split(':')
  if (rest.length > 0) return new Malformed({ field: 'the token', wanted: 'clientId:secret' })
  const clientId = uuid(id, 'the client id')
  if (clientId instanceof Malformed) return clientId
  const known = secretText(secret, 'the secret')
  return known instanceof Malformed ? known : { clientId, secret: known }
}

export const tokenOf = ({ clientId, secret }: Credentials): string => `${clientId}:${secret}`

/** What the gateway is told of a secret, in hexadecimal. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

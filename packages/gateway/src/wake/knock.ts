/**
 * One request to a machine that is to wake up. Its address is what somebody said, so:
 *
 * K1. https, and a certificate for the name; the path is always the same.
 * K2. The name is resolved once, every address of it must be public, and the connection goes to the one that was checked; what it reached
 *     is looked at again before a word is said.
 * K3. A redirect is an answer like another: nothing is followed. The body is not read.
 */
import { lookup as lookupOf, type LookupAddress } from 'node:dns'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { WAKE_MS, WAKE_PATH } from 'kimaki-protocol'
import { reasonOf } from '../base/errors.ts'
import { isPublicAddress } from './public-address.ts'

export interface Knocker {
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>
  readonly isPublic: (address: string) => boolean
  /** Certificates that are trusted beside the usual ones' absence; undefined: the usual ones. */
  readonly ca?: string
  /** How long the machine has for its answer. */
  readonly timeoutMs: number
}

export const INTERNET: Knocker = {
  resolve: (hostname) =>
    new Promise((resolve, reject) =>
      lookupOf(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
    ),
  isPublic: isPublicAddress,
  timeoutMs: WAKE_MS + 5000,
}

/** The status that the machine answers, or why there is none. */
export async function knock(knocker: Knocker, origin: string, bearer: string): Promise<number | string> {
  const url = new URL(WAKE_PATH, origin)
  const hostname = url.hostname.replaceAll(/^\[|\]$/g, '')
  const addresses = await knocker.resolve(hostname).catch((error: unknown) => reasonOf(error))
  if (typeof addresses === 'string') return addresses
  const [pinned] = addresses
  if (pinned === undefined) return 'the name has no address'
  if (!addresses.every(({ address }) => knocker.isPublic(address))) return 'the address is not public'
  return new Promise((resolve) => {
    const asked = request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-length': 0, 'user-agent': 'kimaki-gateway' },
      agent: false,
      signal: AbortSignal.timeout(knocker.timeoutMs),
      // Node asks for one address or for all; either way it gets the one that was checked.
      lookup: (_name, options, done) => (options.all ? done(null, [pinned]) : done(null, pinned.address, pinned.family)),
      ...(knocker.ca === undefined ? {} : { ca: knocker.ca }),
    })
    asked.on('socket', (socket) => {
      socket.once('connect', () => {
        const { remoteAddress = '' } = socket as TLSSocket
        if (!knocker.isPublic(remoteAddress)) asked.destroy(new Error('the address is not public'))
      })
    })
    asked.on('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    asked.on('error', (error) => resolve(reasonOf(error)))
    asked.end()
  })
}

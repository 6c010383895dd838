/**
 * One machine for each channel: whoever claims it first has it, until it is given up or the machine is put out of the server. Commands and
 * presses in the channel and its threads go to that machine alone; where nobody has the channel, the gateway picks one.
 *
 *     PUT    /api/channels/{id}/owner   claims it; saying it again changes nothing. 409 with `machine`: another has it
 *     DELETE /api/channels/{id}/owner   gives it up; 409 with `machine`: it is another's
 *     GET    /api/channels/{id}/owner   whose it is
 *
 * With `Authorization: Bearer clientId:secret`. The channel must be in a server that the client is let into.
 */
import { PROTOCOL } from './onboarding.ts'
import { flag, label, Malformed, nullable, record, snowflake } from './read.ts'

/** Below the gateway's address. */
export const ownerPath = (channelId: string): string => `/api/channels/${channelId}/owner`

export interface Ownership {
  readonly protocol: typeof PROTOCOL
  readonly channel_id: string
  /** How people call the machine that has it; null: nobody has it. */
  readonly machine: string | null
  /** It is the machine that asks. */
  readonly is_own: boolean
}

const protocol = (value: unknown, field: string) =>
  value === PROTOCOL ? PROTOCOL : new Malformed({ field, wanted: `version ${PROTOCOL} of this protocol` })

export const readOwnership = (body: unknown): Ownership | Malformed =>
  record({ protocol, channel_id: snowflake, machine: nullable(label), is_own: flag })(body, 'the answer')

/** Of a 409: who has the channel. */
export const readOwned = (body: unknown): { readonly machine: string } | Malformed =>
  record({ machine: label })(body, 'the refusal')

/** Its sentence. */
export const ownedBy = (machine: string): string =>
  `The channel belongs to the machine "${machine}". Unlink it there first, or link another channel.`

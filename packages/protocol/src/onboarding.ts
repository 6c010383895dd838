/**
 * From a fresh machine to a server it is let into:
 *
 *     POST /api/clients ─▶ a person opens `install_url` ─▶ Discord asks for consent ─▶ GET /api/onboarding/status says `authorized`
 *
 * Each way through is an *attempt*: a machine that begins a new one waits for a new authorisation, whatever servers it is in already.
 */
import { address, code, flag, label, Malformed, oneOf, optional, record, sentence, sha256, snowflake, uuid } from './read.ts'

/** A side that reads another number says so and stops. */
export const PROTOCOL = 1

/** `POST /api/clients`. The first registration of an id wins; the same one again tells the attempt that is open. */
export const readRegistration = (body: unknown) =>
  record({
    client_id: uuid,
    secret_sha256: sha256,
    /** How people call the machine: shown in the server it is connected to. */
    machine: label,
    /** Begin a new attempt, though one is open. */
    restart: optional(flag),
  })(body, 'the registration')

export type Registration = Exclude<ReturnType<typeof readRegistration>, Malformed>

const protocol = (value: unknown, field: string) =>
  value === PROTOCOL ? PROTOCOL : new Malformed({ field, wanted: `version ${PROTOCOL} of this protocol` })

/** Its answer. */
export const readRegistered = (body: unknown) =>
  record({
    protocol,
    attempt: uuid,
    /** Shown by the terminal and in the server, so that a person sees that both are the same machine. */
    code,
    /** Holds no secret: it may be sent to anybody. */
    install_url: address,
  })(body, 'the answer')

export type Registered = Exclude<ReturnType<typeof readRegistered>, Malformed>

/** `GET /api/onboarding/status?attempt=…` with `Authorization: Bearer clientId:secret`. */
export function readStatus(body: unknown): OnboardingStatus | Malformed {
  const head = record({ protocol, state: oneOf('waiting', 'authorized', 'failed') })(body, 'the status')
  if (head instanceof Malformed) return head
  switch (head.state) {
    case 'waiting':
      return head as OnboardingStatus
    case 'authorized':
      return record({ protocol, state: oneOf('authorized'), guild_id: snowflake })(body, 'the status')
    case 'failed':
      return record({ protocol, state: oneOf('failed'), message: sentence })(body, 'the status')
  }
}

export type OnboardingStatus =
  | { readonly protocol: typeof PROTOCOL; readonly state: 'waiting' }
  | { readonly protocol: typeof PROTOCOL; readonly state: 'authorized'; readonly guild_id: string }
  /** The attempt goes on: the person may open the address again. */
  | { readonly protocol: typeof PROTOCOL; readonly state: 'failed'; readonly message: string }

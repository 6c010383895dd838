/**
 * Close codes of a gateway's socket. Up to 4014 they are Discord's, with Discord's meaning (Opcodes and Status Codes > Gateway Close Event
 * Codes), so that any client of Discord understands them; ours begin at 4900.
 */
export const CLOSE = {
  /** Something went wrong at the gateway, or it stops for now. RESUME. */
  tryAgain: 4000,
  /** Not a frame, or one that is too long. */
  unreadable: 4002,
  /** Something else was sent before IDENTIFY or RESUME. */
  notIdentified: 4003,
  /** Nobody with this id and secret is registered. Do not try again. */
  unknownClient: 4004,
  identifiedTwice: 4005,
  tooFast: 4008,
  /** The servers of this client have changed. RESUME. */
  guildsChanged: 4900,
  /** Another process said the same credentials, and now it is connected. Do not try again. */
  replaced: 4901,
} as const

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE]

/** After these, the same credentials will not do better. */
export const FATAL: readonly number[] = [CLOSE.unknownClient, CLOSE.replaced]

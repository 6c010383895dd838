/**
 * What a gateway refuses over HTTP, in the shape of Discord's errors (`code`, `message`), so that clients of Discord read them. Codes
 * begin at 900000, where Discord has none. Sentences say what happened and what to do.
 */
export const REFUSALS = {
  unauthorized: {
    status: 401,
    code: 0,
    message:
      'The gateway does not know this client, or its secret is another. Connect this machine anew with --restart-onboarding.',
  },
  /** The store is away. Not a 401: clients throw their token away for one. */
  unavailable: {
    status: 503,
    code: 900001,
    message: 'The gateway cannot read its database at the moment. Try again in a minute.',
  },
  noAnswer: { status: 502, code: 900002, message: 'Discord gave the gateway no answer. Try again.' },
  route: {
    status: 403,
    code: 900003,
    message: 'The gateway does not pass this request on, since it would reach beyond your servers.',
  },
  foreignGuild: {
    status: 403,
    code: 900004,
    message: 'This client is not connected to that server. Connect it with its install address.',
  },
  foreignToken: { status: 403, code: 900005, message: 'This interaction was not given to this client, or it is too old.' },
  body: { status: 400, code: 900006, message: 'The gateway cannot read this request, so it does not pass it on.' },
  tooLarge: { status: 413, code: 40005, message: 'This request is larger than Discord takes.' },
  tooMany: { status: 429, code: 900007, message: 'This client asks too often. Wait as long as the answer says.' },
  notFound: { status: 404, code: 0, message: '404: Not Found' },
  taken: { status: 409, code: 900008, message: 'This client id belongs to somebody else. Make a new one.' },
  foreignCommand: {
    status: 403,
    code: 900010,
    message: 'Another machine of this server has registered this command, so only that machine deletes or renames it.',
  },
  /** `machine` says whose it is. */
  owned: { status: 409, code: 900011, message: 'The channel belongs to another machine.' },
  malformed: { status: 400, code: 900009, message: 'This is not a request of the protocol that the gateway speaks.' },
} as const

export type RefusalName = keyof typeof REFUSALS
export type Refusal = (typeof REFUSALS)[RefusalName]

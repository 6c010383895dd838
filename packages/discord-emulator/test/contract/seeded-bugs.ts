/** One bug of an emulator for each area: altered parts, and the check that notices. */
import { PARTS } from '../../src/emulator.ts'
import { assembleEmulator, type Parts } from '../../src/assemble.ts'
import type { RestAnswer, RestRequest } from '../../src/rest/route.ts'
import type { Start } from './house.ts'
import type { Area } from './suite.ts'

export interface SeededBug {
  readonly bug: string
  readonly noticedBy: string
  readonly start: Start
}

export const SEEDED_BUGS: Readonly<Record<Area, SeededBug>> = {
  login: {
    bug: 'GUILD_CREATE leaves the active threads out',
    noticedBy: 'a client that logs in knows itself, its guilds, channels, roles and active threads',
    start: telling('GUILD_CREATE', (data) => ({ ...data, threads: [] })),
  },
  messages: {
    bug: 'MESSAGE_UPDATE loses the components',
    noticedBy: 'a message is created, edited, fetched and deleted, and each of it is heard',
    start: telling('MESSAGE_UPDATE', (data) => ({ ...data, components: [] })),
  },
  threads: {
    bug: 'a thread begun from a message has an id of its own',
    noticedBy: 'a thread begun from a message has its id, and its messages are heard',
    start: answering('POST', '/channels/:channel/messages/:message/threads', (request) =>
      handlerOf('POST', '/channels/:channel/threads')({ ...request, body: { ...(request.body as object), type: 11 } }),
    ),
  },
  interactions: {
    bug: 'the roles that were chosen are not resolved',
    noticedBy: 'every select brings what was chosen',
    start: asking((data) => ({ ...data, resolved: { ...(data.resolved as object), roles: {} } })),
  },
  modals: {
    bug: 'line breaks of text inputs are lost',
    noticedBy: 'a modal is shown to the one who asked, and what is filled in comes back',
    start: asking((data) => JSON.parse(JSON.stringify(data).replaceAll(String.raw`\n`, ' ')) as Json),
  },
  autocomplete: {
    bug: 'the option that is typed into is not marked',
    noticedBy: 'what is typed is asked about, and the choices are seen',
    start: asking((data) => JSON.parse(JSON.stringify(data).replaceAll('"focused":true', '"focused":false')) as Json),
  },
  uploads: {
    bug: 'the CDN reads files as text',
    noticedBy: 'files of a bot are stored as they are, in their order',
    start: answering('GET', '/attachments/:channel/:attachment/:filename', (request) => {
      const answer = handlerOf('GET', '/attachments/:channel/:attachment/:filename')(request)
      return answer.kind === 'file' ? { ...answer, data: Buffer.from(Buffer.from(answer.data).toString('utf8')) } : answer
    }),
  },
  resume: {
    bug: 'a replay leaves out its first dispatch',
    noticedBy: 'after a cut the session goes on, and nothing is missed or heard twice',
    start: altered({
      replayLog: (log) => ({
        ...log,
        after(sequence) {
          const missed = log.after(sequence)
          return typeof missed === 'string' ? missed : missed.slice(1)
        },
      }),
    }),
  },
  rateLimits: {
    bug: 'the headers promise a request that is not there',
    noticedBy: 'a client that reads the headers of its bucket is never refused',
    start: altered({
      limiter: ({ admit, countInvalid }) => ({
        countInvalid,
        admit(request) {
          const admitted = admit(request)
          return { ...admitted, headers: { ...admitted.headers, 'X-RateLimit-Remaining': '1' } }
        },
      }),
    }),
  },
}

function altered(parts: Partial<Parts>): Start {
  return (options) => assembleEmulator(options, { ...PARTS, ...parts })
}

type Json = Readonly<Record<string, unknown>>

function telling(event: string, change: (data: Json) => Json): Start {
  return altered({ dispatched: (name, data) => (name === event ? change(data as Json) : data) })
}

function asking(change: (data: Json) => Json): Start {
  return telling('INTERACTION_CREATE', (payload) => ({ ...payload, data: change(payload.data as Json) }))
}

type Handle = (request: RestRequest) => RestAnswer

function answering(method: string, template: string, handle: Handle): Start {
  const routes = PARTS.routes.map((route) =>
    route.method === method && route.template === template ? { ...route, handle } : route,
  )
  return altered({ routes })
}

function handlerOf(method: string, template: string): Handle {
  const found = PARTS.routes.find((route) => route.method === method && route.template === template)
  if (found === undefined) throw new Error(`No route ${method} ${template}`)
  return found.handle
}

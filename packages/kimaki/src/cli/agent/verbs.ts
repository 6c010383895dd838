/** What an agent may ask of the bot on the command line, in its own project and nowhere else. */
import { UsageError } from '../../base/errors.ts'
import type { Project } from '../../ports/store.ts'
import { composedOf, type BotHandle, type ControlRoute } from '../command.ts'
import type { Composed } from '../compose.ts'

/** By the usage of the verb. */
const VERBS: readonly string[] = [
  'send',
  'session list',
  'session read [session]',
  'session search <words>',
  'session wait [session]',
  'session discord-url <session>',
  'upload-to-discord <files...>',
  'project list',
]

/** The sentence for one that an agent may not use. */
export function refusedToAgent(usage: string): UsageError | undefined {
  if (VERBS.includes(usage)) return undefined
  if (usage === '')
    return new UsageError({
      reason: `kimaki is not started in the shell of its own agent: it would end the bot that runs this session. ${MAY}`,
    })
  return new UsageError({ reason: `An agent may not run "kimaki ${usage}". ${MAY}` })
}

const MAY = `Here it knows: ${VERBS.map((usage) => usage.replace(/ [<[].*/, '')).join(', ')}.`

/** Routes by how they are kept to the project: the others are not there for agents. */
const ROUTES: Readonly<Record<string, (body: Body, directory: string, composed: Composed) => Promise<Body | UsageError>>> = {
  'POST /send': sendWithin,
  'POST /send/wait': onlyItsOwn,
  'POST /sessions': within,
  'POST /sessions/find': within,
  'POST /sessions/read': within,
  'POST /sessions/search': within,
  'POST /sessions/wait': within,
  'POST /upload': within,
}

type Body = Readonly<Record<string, unknown>>

/** `routes`: those of all verbs. */
export const agentVerb =
  (routes: Readonly<Record<string, ControlRoute>>): ControlRoute =>
  async (given, bot: BotHandle) => {
    const composed = composedOf(bot)
    if (composed instanceof Error) return composed
    const { directory, token, route, body } = fields(given)
    if (typeof directory !== 'string' || typeof token !== 'string' || typeof route !== 'string')
      return new UsageError({ reason: 'directory, token and route are needed' })
    if (!bot.links.allows(directory, token))
      return new UsageError({ reason: 'The token is not of this folder, or of an earlier start of the bot.' })
    if (route === 'GET /projects') return projectsOf(routes[route], bot, directory)
    const keep = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined
    const handle = routes[route]
    if (!keep || !handle) return new UsageError({ reason: `An agent may not ask for ${route}.` })
    const kept = await keep(fields(body), directory, composed)
    return kept instanceof Error ? kept : handle(kept, bot)
  }

async function within(body: Body, directory: string): Promise<Body> {
  return { ...body, within: directory }
}

/** The id of what a program has sent is known to that program alone; a message of Discord, in whatever project, goes by an id that many know. */
async function onlyItsOwn(body: Body): Promise<Body | UsageError> {
  if (/^send:[\w-]{36}$/.test(String(body['key']))) return body
  return new UsageError({ reason: 'An agent waits for what it has sent itself.' })
}

/** It speaks for no person, and gives nobody more than it has itself. */
async function sendWithin(body: Body, directory: string, { projects, store }: Composed): Promise<Body | UsageError> {
  const { channelId, threadId, rules, userId } = body
  if (userId !== undefined || (Array.isArray(rules) && rules.length > 0))
    return new UsageError({ reason: 'An agent may not choose permissions or a user: leave out --permission and --user.' })
  const { realPath } = await import('../control/agent-links.ts')
  const state = typeof threadId === 'string' ? (await store.load(threadId)).state : undefined
  const channel = typeof threadId === 'string' ? state?.channelId : channelId
  const project = projects.of(typeof channel === 'string' ? channel : '')?.directory
  // A session of the project may work in another folder.
  if (![state?.directory, project].some((of) => of !== undefined && realPath(of) === directory))
    return new UsageError({ reason: `That is not in the project ${directory}, and an agent writes in its own project only.` })
  return { ...body, within: directory }
}

async function projectsOf(handle: ControlRoute | undefined, bot: BotHandle, directory: string): Promise<unknown> {
  const all = await handle?.(undefined, bot)
  const { realPath } = await import('../control/agent-links.ts')
  return Array.isArray(all) ? (all as readonly Project[]).filter((one) => realPath(one.directory) === directory) : all
}

const fields = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})

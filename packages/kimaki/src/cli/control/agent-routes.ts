/**
 * What the plugin of an OpenCode server may ask of the bot, for a session of its project: where in Discord the session takes place, and the
 * tools of the agent. Each call names its folder and shows the token of that folder; a session of another folder is as good as none.
 */
import { systemClock } from '../../base/clock.ts'
import { UsageError } from '../../base/errors.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { composedOf, type BotHandle, type ControlRoute } from '../command.ts'
import type { Composed } from '../compose.ts'

interface AgentCall {
  readonly composed: Composed
  readonly session: string
  /** Of the conversation that the session belongs to; undefined for sessions of subagents and terminals. */
  readonly state: Conversation | undefined
  readonly body: Readonly<Record<string, unknown>>
}

type AgentRoute = (call: AgentCall) => Promise<unknown>

const place: AgentRoute = async ({ state }) => {
  if (!state) return new UsageError({ reason: NO_THREAD })
  const { id: threadId, channelId, guildId } = state
  return { threadId, channelId, guildId }
}

/** A tool of the plugin, once its call is known to be of a conversation. */
interface ToolCall extends AgentCall {
  readonly state: Conversation
  readonly call: string
}

/** The model reads the answer; a refusal too. Asked again with the same call, nothing happens twice. */
const tool: AgentRoute = async (called) => {
  const { state, body } = called
  const { call, tool: name } = body
  if (!state) return new UsageError({ reason: NO_THREAD })
  const run = typeof name === 'string' && Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined
  if (typeof call !== 'string' || call === '' || !run)
    return new UsageError({ reason: 'This version of Kimaki does not know the tool.' })
  return run({ ...called, state, call })
}

const offerButtons = async ({ composed, session, state, call, body: { args } }: ToolCall): Promise<unknown> => {
  const { prepareButtons } = await import('../../app/control/offer-buttons.ts')
  const acceptance = prepareButtons({ state, session, call, args }, systemClock.now())
  if (acceptance instanceof Error) return acceptance
  await composed.bot.accept(acceptance)
  return { output: 'The buttons are shown below your answer. End your turn now: a press comes as a new message.' }
}

/** The plugin gives a call a minute, and asks again at once after `pending`. */
const HELD_MS = 25_000

const askQuestion = async ({ composed: { bot, store }, session, state, call, body: { args } }: ToolCall): Promise<unknown> => {
  const { answerIn, askIdOf, prepareQuestion } = await import('../../app/control/ask-question.ts')
  const acceptance = prepareQuestion({ state, session, call, args }, systemClock.now())
  if (acceptance instanceof Error) return acceptance
  const askId = askIdOf({ session, call })
  const known = async (): Promise<string | undefined> => {
    const isNew = (await bot.accept(acceptance)).length > 0
    const found = await store.load(state.id)
    const isPending = isNew || found.inbox.some(({ request }) => request.kind === 'tool-question' && request.ask.id === askId)
    return answerIn(found.state ?? state, askId, isPending)
  }
  const output = await bot.waits.until(state.id, (now) => answerIn(now, askId, true), known, HELD_MS)
  return output === undefined ? { pending: true } : { output }
}

const askForFiles = async ({ composed: { bot, store }, session, state, call, body: { args } }: ToolCall): Promise<unknown> => {
  const { prepareUpload, uploadOutput } = await import('../../app/control/ask-upload.ts')
  const acceptance = prepareUpload({ state, session, call, args }, systemClock.now())
  if (acceptance instanceof Error) return acceptance
  await bot.accept(acceptance)
  const look = (now: Conversation): string | undefined => uploadOutput(now, session, call)
  const known = async (): Promise<string | undefined> => {
    const found = await store.load(state.id)
    return found.state && look(found.state)
  }
  const output = await bot.waits.until(state.id, look, known, HELD_MS)
  return output === undefined ? { pending: true } : { output }
}

/** A tool of any session of the folder has found an image that is too large. */
const shrinkImage: AgentRoute = async ({ composed: { images }, body: { image } }) => {
  if (typeof image !== 'string') return new UsageError({ reason: 'image is needed' })
  const smaller = await images.shrink(Buffer.from(image, 'base64'))
  return smaller ? { mime: smaller.mime, image: Buffer.from(smaller.bytes).toString('base64') } : {}
}

const TOOLS: Readonly<Record<string, (call: ToolCall) => Promise<unknown>>> = {
  'action-buttons': offerButtons,
  'file-upload': askForFiles,
  question: askQuestion,
}

export const AGENT_ROUTES: Readonly<Record<string, ControlRoute>> = {
  'POST /agent/image': checked(shrinkImage),
  'POST /agent/place': checked(place),
  'POST /agent/tool': checked(tool),
}

const NO_THREAD =
  'This session has no thread in Discord, so nobody would see it. Say in your answer what you wanted to ask or show.'

function checked(route: AgentRoute): ControlRoute {
  return async (body, bot) => {
    const call = await callOf(body, bot)
    return call instanceof Error ? call : route(call)
  }
}

async function callOf(given: unknown, bot: BotHandle): Promise<AgentCall | Error> {
  const composed = composedOf(bot)
  if (composed instanceof Error) return composed
  const body = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>
  const { directory, token, session } = body
  if (typeof directory !== 'string' || typeof token !== 'string' || typeof session !== 'string')
    return new UsageError({ reason: 'directory, token and session are needed' })
  if (!bot.links.allows(directory, token))
    return new UsageError({ reason: 'The token is not of this folder, or of an earlier start of the bot.' })
  const { realPath } = await import('./agent-links.ts')
  const id = await composed.store.conversationOfSession(session)
  const state = id === undefined ? undefined : (await composed.store.load(id)).state
  const isOfFolder = state !== undefined && realPath(state.directory) === directory && state.thread.kind === 'open'
  return { composed, session, state: isOfFolder ? state : undefined, body }
}

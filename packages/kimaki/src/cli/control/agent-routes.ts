/**
 * What the plugin of an OpenCode server may ask of the bot, for a session of its project: where in Discord the session takes place, and the
 * tools of the agent. Each call names its folder and shows the token of that folder; a session of another folder is as good as none.
 */
import { systemClock } from '../../base/clock.ts'
import { UsageError } from '../../base/errors.ts'
import type { UploadCall } from '../../app/control/ask-upload.ts'
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

/** The model reads the answer; a refusal too. Asked again with the same call, nothing happens twice. */
const tool: AgentRoute = async ({ composed, session, state, body }) => {
  const { call, tool: name, args } = body
  if (!state) return new UsageError({ reason: NO_THREAD })
  if (typeof call !== 'string' || call === '' || (name !== 'action-buttons' && name !== 'file-upload'))
    return new UsageError({ reason: 'This version of Kimaki does not know the tool.' })
  if (name === 'file-upload') return askForFiles(composed, { state, session, call, args })
  const { prepareButtons } = await import('../../app/control/offer-buttons.ts')
  const acceptance = prepareButtons({ state, session, call, args }, systemClock.now())
  if (acceptance instanceof Error) return acceptance
  await composed.bot.accept(acceptance)
  return { output: 'The buttons are shown below your answer. End your turn now: a press comes as a new message.' }
}

/** Answers without an output when nobody has sent anything yet: the plugin asks again. */
async function askForFiles({ bot }: Composed, asked: UploadCall): Promise<unknown> {
  const { prepareUpload, uploadOutput } = await import('../../app/control/ask-upload.ts')
  const acceptance = prepareUpload(asked, systemClock.now())
  if (acceptance instanceof Error) return acceptance
  await bot.accept(acceptance)
  const { session, call } = asked
  const output = await bot.outcomeIn(asked.state.id, (state) => uploadOutput(state, session, call), WAIT_MS)
  return output === undefined ? {} : { output }
}

/** The plugin takes a bot that is silent for a minute for dead. */
const WAIT_MS = 20_000

export const AGENT_ROUTES: Readonly<Record<string, ControlRoute>> = {
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

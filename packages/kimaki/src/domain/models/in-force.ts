/**
 * Which agent and model answer, and why. The first level that names a model which can be used:
 *
 *     thread ─▶ the agent's own ─▶ channel ─▶ all channels ─▶ what the session has ─▶ OpenCode's configuration
 *       ─▶ chosen last in its terminal ─▶ the first provider that is connected ─▶ none
 *
 * What answered a thread's first message is kept for it: then channel and all channels count no more, until somebody chooses there anew.
 */
import type { AnsweredBy } from '../agent.ts'
import { agentsOf, modelOf, type Choices } from './choices.ts'
import type { ModelChoice, Preference, Preferences } from './preferences.ts'

export type Level =
  | 'session'
  | 'agent'
  | 'channel'
  | 'global'
  | 'opencode-session'
  | 'config'
  | 'recent'
  | 'first-provider'
  | 'none'

/** What was in force when the thread's first message was submitted. */
export interface Kept extends Preference {
  readonly by: Level
}

export interface Chosen extends Preferences {
  /** For the thread. */
  readonly session: Preference
  readonly kept?: Kept | undefined
}

export interface InForce {
  /** Undefined: OpenCode does not tell. */
  readonly agent: string | undefined
  readonly agentBy: Extract<Level, 'session' | 'channel' | 'global' | 'config'>
  readonly model: ModelChoice | undefined
  readonly by: Level
  /** It is so since the thread began. */
  readonly isKept: boolean
  /** Chosen, but OpenCode does not offer it (any more): it is passed over. */
  readonly missing: readonly { readonly level: Level; readonly name: string }[]
}

/** `sessions`: the model that the session has in OpenCode, which keeps it from message to message. */
export function inForce(chosen: Chosen, choices: Choices, sessions?: ModelChoice): InForce {
  const agents = agentLevels(chosen)
  const isKnown = (name: string): boolean => agentsOf(choices).some((agent) => agent.name === name)
  const agentLevel = agents.find(({ name }) => isKnown(name))
  const agent = agentLevel?.name ?? choices.defaultAgent
  const models = modelLevels(chosen, choices, { agent, sessions })
  const found = models.find(({ model }) => modelOf(choices, model))
  const passed = found ? models.slice(0, models.indexOf(found)) : models
  return {
    agent,
    agentBy: agentLevel?.level ?? 'config',
    model: found && withKnownVariant(found.model, choices),
    by: found?.level ?? 'none',
    isKept: found?.isKept ?? false,
    missing: [
      ...agents.filter(({ name }) => !isKnown(name)),
      ...passed.map(({ level, model }) => ({ level, name: `${model.provider}/${model.model}` })),
    ],
  }
}

/** What a prompt has to name; undefined: nobody has chosen anything, and OpenCode decides. */
export function namedBy({ agent, agentBy, model, by, isKept }: InForce): AnsweredBy | undefined {
  const isAgentOurs = agentBy !== 'config'
  const isModelOurs = isKept || by === 'session' || by === 'channel' || by === 'global' || (by === 'agent' && isAgentOurs)
  if (!isAgentOurs && !isModelOurs) return undefined
  return { agent: isAgentOurs ? agent : undefined, model: isModelOurs ? model : undefined }
}

export const isNothingChosen = ({ session, kept, channel, global }: Chosen): boolean =>
  [session, ...(kept ? [kept] : [channel, global])].every(({ agent, model }) => agent === undefined && model === undefined)

interface AgentLevel {
  readonly level: InForce['agentBy']
  readonly name: string
}

function agentLevels({ session, kept, channel, global }: Chosen): readonly AgentLevel[] {
  const levels = [
    { level: 'session', name: session.agent },
    { level: 'session', name: kept?.agent },
    ...(kept ? [] : [{ level: 'channel', name: channel.agent } as const, { level: 'global', name: global.agent } as const]),
  ] as const
  return levels.flatMap(({ level, name }) => (name === undefined ? [] : [{ level, name }]))
}

interface ModelLevel {
  readonly level: Level
  readonly model: ModelChoice
  readonly isKept?: true
}

function modelLevels(
  { session, kept, channel, global }: Chosen,
  choices: Choices,
  { agent, sessions }: { readonly agent: string | undefined; readonly sessions: ModelChoice | undefined },
): readonly ModelLevel[] {
  const agents = choices.agents.find(({ name }) => name === agent)?.model
  const people = kept ? [] : [levelOf('channel', channel.model), levelOf('global', global.model)]
  const firsts = choices.providers.map(({ id: provider, fallback }) =>
    levelOf('first-provider', fallback === undefined ? undefined : { provider, model: fallback, variant: undefined }),
  )
  return [
    levelOf('session', session.model),
    kept?.model && { level: kept.by, model: kept.model, isKept: true as const },
    levelOf('agent', agents),
    ...people,
    levelOf('opencode-session', sessions),
    levelOf('config', choices.configured),
    ...choices.recent.map((model) => levelOf('recent', model)),
    ...firsts,
  ].flatMap((level) => level ?? [])
}

const levelOf = (level: Level, model: ModelChoice | undefined): ModelLevel | undefined => model && { level, model }

/** A variant belongs to its model, and may be gone. */
function withKnownVariant(model: ModelChoice, choices: Choices): ModelChoice {
  const { variants = [] } = modelOf(choices, model) ?? {}
  return model.variant === undefined || variants.includes(model.variant) ? model : { ...model, variant: undefined }
}

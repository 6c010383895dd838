/** Which feature takes a message: by what its author wants with it. What no feature holds back or takes is a prompt. */
import { intentOf, type Intent } from '../message/intent.ts'
import { isForOthers, type IncomingMessage } from '../message/incoming.ts'
import type { Settings } from '../settings.ts'
import { sliceOf, type Feature, type FeatureChange, type TakeMessage, type FeatureRequest } from './feature.ts'
import { promptIdOf } from './prompt.ts'
import type { Conversation } from './state.ts'

/** `screened`: what the features remember of it, whoever takes it. */
export type Taken =
  | (TakenBy & { readonly screened: readonly Screened[] })
  /** It was taken before. */
  | undefined

type Screened = readonly [Feature, FeatureChange<unknown>]

type TakenBy =
  | { readonly by: Feature; readonly change: FeatureChange<unknown> }
  | { readonly by: 'run'; readonly prompt: Extract<FeatureRequest, { kind: 'add-prompt' }> }
  /** A feature holds it back: nobody takes it. */
  | { readonly by: 'nobody' }

export function takeMessage(
  state: Conversation,
  features: readonly Feature[],
  { message, order, at }: { readonly message: IncomingMessage; readonly order: number; readonly at: number },
  settings: Settings,
): Taken {
  const id = promptIdOf(message.id)
  // What is said to others holds no suffix for the agent.
  const intent: Intent = isForOthers(message) ? { kind: 'prompt', text: message.text } : intentOf(message.text, () => false)
  if (
    state.turn.prompts.some((prompt) => prompt.id === id) ||
    features.some((feature) => feature.hasTaken?.(sliceOf(state, feature), id))
  )
    return undefined
  const taken: Parameters<TakeMessage<unknown>>[1] = { id, order, message, at, intent, settings }
  const screenings = features.flatMap((feature) => {
    const screening = feature.screens?.(sliceOf(state, feature), taken, state)
    return screening ? [[feature, screening] as const] : []
  })
  const screened = screenings.map(([feature, { slice }]): Screened => [feature, { slice }])
  if (screenings.some(([, { isHeld }]) => isHeld)) return { by: 'nobody', screened }
  for (const feature of features) {
    const change = feature.takes?.[intent.kind]?.(sliceOf(state, feature), taken, state)
    if (change) return { by: feature, change, screened }
  }
  return {
    by: 'run',
    screened,
    prompt: { kind: 'add-prompt', id, order, message: asPrompt(message, intent), acceptedAt: at, waited: false },
  }
}

/** A message with nothing to wait for, or no session to ask aside, runs at once: without its suffix, where words or files remain. */
function asPrompt(message: IncomingMessage, intent: Intent): IncomingMessage {
  const { attachments, quotes = [], namesOther } = message
  const isQueue = intent.kind === 'queue' && (intent.text !== '' || attachments.length > 0)
  const isBtw = intent.kind === 'btw' && !namesOther && (intent.text !== '' || attachments.length + quotes.length > 0)
  return isQueue || isBtw ? { ...message, text: intent.text } : message
}

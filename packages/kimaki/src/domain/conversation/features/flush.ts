/** Shows text that a long-running tool has overtaken: what has come is shown a second after the tool started, the rest behind the tool. */
import type { AgentPart, AssistantMessage } from '../../agent.ts'
import { setAlarm } from '../effect.ts'
import { defineFeature, keep } from '../feature.ts'
import type { Conversation } from '../state.ts'

/** A text part still open this long after a tool of its message started is closed with what has come. */
const OVERTAKEN_AFTER_MS = 1000

/** How much of a text part was closed early, by its id, in UTF-16 units. */
export type FlushSlice = Readonly<Record<string, number>>

export const flush = defineFeature<FlushSlice>({
  name: 'flush',
  version: 1,
  initial: {},
  on: {
    agent(flushed, { event }, state) {
      if (event.kind !== 'part' || event.part.kind !== 'tool' || event.part.state !== 'running') return keep(flushed)
      const isOvertaken = openTextBefore(messageOf(state, event.messageId), event.part.id).length > 0
      return isOvertaken ? { slice: flushed, actions: [setAlarm('flush', 'overtaken', OVERTAKEN_AFTER_MS)] } : keep(flushed)
    },
  },
  alarm: (flushed, _name, state) => keep(closeOvertaken(flushed, state)),
  closeTurn: (flushed) => (Object.keys(flushed).length === 0 ? flushed : {}),
})

function closeOvertaken(flushed: FlushSlice, { turn }: Conversation): FlushSlice {
  const overtaken = turn.messages.flatMap((message) => (message.kind === 'assistant' ? openTextBefore(message) : []))
  const news = overtaken.filter(({ id }) => flushed[id] === undefined)
  return news.length === 0 ? flushed : { ...flushed, ...Object.fromEntries(news.map(({ id, text }) => [id, text.length])) }
}

type OpenText = Extract<AgentPart, { readonly text: string }>

/** Open text before the last tool that has begun, or before this one. */
function openTextBefore(message: AssistantMessage | undefined, toolPartId?: string): readonly OpenText[] {
  if (!message) return []
  const tool = message.parts.findLastIndex(
    (part) => part.kind === 'tool' && part.state !== 'pending' && (toolPartId === undefined || part.id === toolPartId),
  )
  return message.parts.slice(0, Math.max(tool, 0)).filter(isOpenText)
}

const isOpenText = (part: AgentPart): part is OpenText => part.kind === 'text' && !part.closed

const messageOf = ({ turn }: Conversation, id: string): AssistantMessage | undefined =>
  turn.messages.find((message): message is AssistantMessage => message.id === id && message.kind === 'assistant')

/** What a subagent does, behind the call that began it: its tools and thoughts under its label, never its words. */
import type { AgentPart, AssistantMessage } from '../../domain/agent.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { verbosityOf } from '../../domain/conversation/features/verbosity.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { partText } from '../text/part.ts'
import { subagentName, type ToolPart } from '../text/tool.ts'

export function subtaskBlocks(state: Conversation, task: ToolPart, siblings: readonly AgentPart[]): readonly Block[] {
  const parts = task.child === undefined ? undefined : state.turn.subtasks[task.child]?.parts
  return parts ? partBlocks(state, parts, labelOf(task, siblings)) : []
}

/** `explore-2`: the kind of agent, and which of the calls of its message began it. */
const labelOf = (task: ToolPart, siblings: readonly AgentPart[]): string =>
  `${subagentName(task)}-${siblings.filter(isTask).findIndex(({ id }) => id === task.id) + 1}`

/** The label under which the session of a subagent stands in the thread; undefined: no call of the open turn began it. */
export function subtaskLabel({ turn: { messages, subtasks } }: Conversation, child: string): string | undefined {
  const answers = messages.filter((message): message is AssistantMessage => message.kind === 'assistant')
  for (const { parts } of [...answers, ...Object.values(subtasks)]) {
    const task = parts.filter(isTask).find((part) => part.child === child)
    if (task) return labelOf(task, parts)
  }
  return undefined
}

function partBlocks(state: Conversation, parts: readonly AgentPart[], label: string): readonly Block[] {
  return parts.flatMap((part): readonly Block[] => {
    const key = blockKey('part', part.id)
    if (part.kind === 'text') return []
    const level = verbosityOf(state, part)
    if (part.kind !== 'tool') return line(key, partText(part, level, label))
    const started = line(key, partText({ ...part, state: 'running' }, level, label))
    const failed = part.state === 'error' ? line(blockKey('part', part.id, 'error'), partText(part, level, label)) : []
    return [...started, ...subtaskBlocks(state, part, parts), ...failed]
  })
}

const line = (key: string, text: string | undefined): readonly Block[] => (text === undefined ? [] : [lineBlock(key, text)])

const isTask = (part: AgentPart): part is ToolPart => part.kind === 'tool' && part.tool === 'task'

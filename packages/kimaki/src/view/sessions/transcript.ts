/** A session as Markdown, for programs and for people at a terminal: nothing in it is meant for Discord. */
import type { AgentPart, Transcript } from '../../domain/agent.ts'
import { toolText } from '../text/tool.ts'

export function transcriptText({ title, messages }: Transcript): string {
  const said = messages.flatMap((message) => {
    if (message.kind === 'user') return message.words === '' ? [] : [`## user\n\n${message.words}`]
    const lines = [...message.parts.flatMap(partLines), ...(message.failure ? [`✗ ${message.failure.message}`] : [])]
    return lines.length === 0 ? [] : [lines.join('\n\n')]
  })
  return [`# ${title === '' ? 'untitled' : title}`, ...withAgent(said)].join('\n\n')
}

/** Answers of several steps have one heading. */
function withAgent(said: readonly string[]): readonly string[] {
  const isUser = (text: string | undefined): boolean => text?.startsWith('## user\n') ?? true
  return said.flatMap((text, index) => (!isUser(text) && isUser(said[index - 1]) ? ['## agent', text] : [text]))
}

function partLines(part: AgentPart): readonly string[] {
  if (part.kind === 'text') return part.text.trim() === '' ? [] : [part.text.trim()]
  if (part.kind === 'tool') return [toolText(part) ?? []].flat()
  return part.kind === 'file' ? [`(file: ${part.name})`] : []
}

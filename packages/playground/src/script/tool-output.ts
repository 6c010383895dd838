/** What the tools of this turn really printed, so that the script's answers can quote it. */
import type { ModelRequest } from 'scripted-model'

/** Outputs after the last user message, oldest first. */
export function toolOutputs({ body }: ModelRequest): readonly string[] {
  const messages = listOf(body, 'messages')
  const lastUser = messages.findLastIndex((message) => field(message, 'role') === 'user')
  return messages
    .slice(lastUser + 1)
    .filter((message) => field(message, 'role') === 'tool')
    .map((message) => textOf(field(message, 'content')))
}

/** A code block of the text, its middle left out when it is long. */
export function quoted(text: string, language = 'text', linesMax = 16): string {
  const lines = text.trim().replaceAll('```', "'''").split('\n')
  const half = Math.floor(linesMax / 2)
  const shown = lines.length <= linesMax ? lines : [...lines.slice(0, half), '…', ...lines.slice(-half)]
  return `\`\`\`${language}\n${shown.join('\n')}\n\`\`\``
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  const parts: readonly unknown[] = Array.isArray(content) ? content : []
  const texts = parts.map((part) => field(part, 'text'))
  return texts.filter((text) => typeof text === 'string').join('')
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name)
  return Array.isArray(list) ? list : []
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

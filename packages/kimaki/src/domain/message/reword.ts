/** The parts of a prompt with other words of its author; what was quoted and attached stays as it was sent. */
import type { PromptPart } from '../agent.ts'

/** `undefined`: the words do not stand at the beginning of a part of ours (a command's do not), or nothing would be left. */
export function rewordedParts(parts: readonly PromptPart[], before: string, words: string): readonly PromptPart[] | undefined {
  const old = parts.find((part) => part.type === 'text' && !part.synthetic)
  const [first] = parts
  if (!first) return undefined
  // OpenCode orders the parts of a message by id: their numbers begin with 01.
  if (old?.type !== 'text')
    return isBlank(words) ? parts : [{ type: 'text', id: `${first.id.slice(0, -2)}00`, text: words }, ...parts]
  if (!isBlank(before) && !old.text.startsWith(before)) return undefined
  const rest = isBlank(before) ? old.text : old.text.slice(before.length).replace(/^\n\n/, '')
  const text = [words, rest].filter((piece) => !isBlank(piece)).join('\n\n')
  return text === '' ? undefined : parts.map((part) => (part === old ? { ...old, text } : part))
}

const isBlank = (text: string): boolean => text.trim() === ''

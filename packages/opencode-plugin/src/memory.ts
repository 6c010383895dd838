/** What the agent is shown of `MEMORY.md`, the notes of a project that outlive a session: all of a short one, of a long one its headings. */
import { join } from 'node:path'
import { readFile } from './read-file.ts'

/** UTF-16 units. */
const WHOLE_MAX = 4000
const HEADINGS_MAX = 4000

/** Undefined where there is none, or nothing in it. */
export function memoryOverview(directory: string): string | undefined {
  const text = readFile(join(directory, 'MEMORY.md'))?.trim()
  if (text === undefined || text === '') return undefined
  if (text.length <= WHOLE_MAX) return `MEMORY.md of this project, the notes of earlier sessions:\n\n${text}`
  return `MEMORY.md of this project holds the notes of earlier sessions. These are its headings, with their lines: read there what you need.\n\n${headingsOf(text)}`
}

function headingsOf(text: string): string {
  const lines = text.split('\n')
  const isFence = (line: string): boolean => /^ {0,3}(```|~~~)/.test(line)
  let inFence = false
  const headings = lines.flatMap((line, index) => {
    if (isFence(line)) inFence = !inFence
    return !inFence && /^#{1,6}\s/.test(line) ? [`${index + 1}: ${line.trim().slice(0, 200)}`] : []
  })
  if (headings.length === 0) return `It has ${lines.length} lines and no headings.`
  let size = 0
  const shown = headings.filter((heading) => (size += heading.length + 1) <= HEADINGS_MAX)
  const left = headings.length - shown.length
  return [...shown, ...(left > 0 ? [`and ${left} more headings`] : [])].join('\n')
}

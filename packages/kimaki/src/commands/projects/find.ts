/** Which folder somebody means by what stands in the option `project`: one that was proposed, its name, or a path. */
import { cut, oneLine } from '../../base/text.ts'
import { folderName, folderRef } from '../../domain/project.ts'
import type { Choice } from '../../ports/chat.ts'
import type { KnownProject } from '../../ports/agent.ts'

/** The directory; undefined: a path, or nothing that is known. */
export function knownFolder(projects: readonly KnownProject[], wanted: string): string | undefined {
  const exact = projects.find(({ directory }) => folderRef(directory) === wanted || directory === wanted)
  const named = projects.filter(({ directory }) => folderName(directory) === wanted)
  return exact?.directory ?? (named.length === 1 ? named[0]?.directory : undefined)
}

export const choiceOf = (directory: string, value: string): Choice => ({
  name: cut(oneLine(`${folderName(directory)} (${directory})`), CHOICE_MAX),
  value,
})

/** In the name or the path, whatever the case. */
export const isMeant = (directory: string, typed: string): boolean => directory.toLowerCase().includes(typed.trim().toLowerCase())

const CHOICE_MAX = 100
/** Discord shows no more. */
export const CHOICES_MAX = 25

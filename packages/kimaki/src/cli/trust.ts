/** What is asked before a folder becomes a project: whether it is meant, and whether what it brings may run. */
import { homedir } from 'node:os'
import { sep } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { UsageError } from '../base/errors.ts'
import type { TrustDecision } from '../ports/store.ts'
import { createFolders } from '../host/folders.ts'
import { broughtBy } from '../opencode/project/brings.ts'
import { realDirectory } from './directory.ts'

export interface TrustRequest {
  readonly directory: string
  readonly dataDir: string
  /** Where new projects are made: what lies in it may be linked, wherever it is. */
  readonly projectsDir: string
  readonly trust: boolean
  readonly force: boolean
  readonly print: (line: string) => void
  /** Asks on a terminal; undefined where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

/**
 * What to link the folder with, or why it is not linked. Where nobody can be asked, nobody is: an earlier decision stays, and without one
 * nothing that it brings runs. What runs is said to whoever links it, whatever they said before.
 */
export async function askForTrust(request: TrustRequest): Promise<TrustDecision | Error> {
  const { directory, trust, force, print, ask } = request
  const whole = force ? undefined : refusedAsWhole(directory, request)
  if (whole) return whole
  const folders = createFolders()
  const brought = await folders.within(directory, () => broughtBy(directory, folders))
  if (brought instanceof Error) return brought
  const { programs, words } = brought
  if (programs.length === 0) return { isTrusted: trust ? true : undefined, programs }
  for (const line of linesOf(directory, programs, words)) print(line)
  if (trust || !ask) return { isTrusted: trust ? true : undefined, programs }
  const answer = await ask('Do you trust this folder, so that they may run? [y/N] ')
  return { isTrusted: /^y(?:es)?$/i.test(answer.trim()), programs }
}

/** On this terminal; undefined where somebody else reads or writes, a script for example. */
export function askOnTerminal(): TrustRequest['ask'] {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout })
    try {
      return await terminal.question(question)
    } finally {
      terminal.close()
    }
  }
}

/** A folder that holds everything, and is not meant. */
export function refusedAsWhole(
  directory: string,
  { dataDir, projectsDir }: Pick<TrustRequest, 'dataDir' | 'projectsDir'>,
): UsageError | undefined {
  const projects = realOf(projectsDir)
  if (directory !== projects && isWithin(directory, projects)) return undefined
  const whole = wholeReason(directory, dataDir)
  if (whole === undefined) return undefined
  return new UsageError({ reason: `${directory} is ${whole}: the agent would work in all of it. If you mean it, add --force.` })
}

function wholeReason(directory: string, dataDir: string): string | undefined {
  if (directory === '/') return 'the whole machine'
  if (directory === realOf(homedir())) return 'your home folder'
  const data = realOf(dataDir)
  if (isWithin(data, directory)) return 'the data folder of Kimaki, or a folder around it'
  return isWithin(directory, data) ? 'a part of the data folder of Kimaki' : undefined
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep)

function realOf(folder: string): string {
  const real = realDirectory(folder)
  return real instanceof Error ? folder : real
}

const MOST_LINES = 20

function linesOf(directory: string, programs: readonly string[], words: readonly string[]): readonly string[] {
  return [
    `${directory} brings programs that OpenCode would run as you, at the first message:`,
    ...listed(programs),
    ...(words.length === 0 ? [] : ['It also brings words that the agent would follow:', ...listed(words)]),
  ]
}

const listed = (lines: readonly string[]): readonly string[] => [
  ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`),
  ...(lines.length > MOST_LINES ? [`  … and ${lines.length - MOST_LINES} more`] : []),
]

/** Worktrees of git as Kimaki makes them: how they are named, and what is known of one. Pure. */
import { cut } from '../base/text.ts'

/** What somebody asks for: a folder of its own for a session, on a branch of its own. */
export interface WorktreeWanted {
  /** Name of the folder, and the end of the branch's. */
  readonly slug: string
  /** Somebody chose the name: where it is taken, there is no worktree. Else a number is put behind it. */
  readonly isNamed?: true
  /** A branch, a tag or a commit; undefined: where the project stands, commits that were pushed nowhere included. */
  readonly base?: string
}

export interface Worktree {
  /** The project folder. */
  readonly source: string
  readonly directory: string
  readonly branch: string
  /** As people read it: the branch, or the beginning of the commit. */
  readonly base: string
  /** The commit it was made from. */
  readonly commit: string
}

export const branchOf = (slug: string): string => `opencode/kimaki-${slug}`

/** Undefined: nothing of the text can stand in a name. */
export function slugOf(text: string): string | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, '-')
    .replaceAll(/[^a-z0-9-]/g, '')
  return trimmed(words.replaceAll(/-+/g, '-'))
}

/** Of words that nobody chose as a name. Agents mistake long paths for each other, so it is short. */
export function derivedSlug(text: string, otherwise: string): string {
  const slug = slugOf(text)
  if (slug === undefined) return otherwise
  return slug.length <= LONG ? slug : (trimmed(slug.split('-').map(withoutVowels).join('-')) ?? otherwise)
}

const LONG = 20
const LONGEST = 40

const withoutVowels = (word: string): string => word.slice(0, 1) + word.slice(1).replaceAll(/[aeiou]/g, '')

function trimmed(words: string): string | undefined {
  const slug = cut(words.replace(/^-+/, ''), LONGEST, '').replace(/-+$/, '')
  return slug === '' ? undefined : slug
}

/** The folder of a worktree that Kimaki has made, whichever data folder it is in. */
export const isMadeFolder = (directory: string): boolean => /[\\/]worktrees[\\/][\da-f]{8}[\\/][a-z0-9-]+$/.test(directory)

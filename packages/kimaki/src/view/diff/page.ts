/** What the page of a diff shows, and which files it opens closed. Pure; the program of the page (`packages/diff-page`) reads the same shape. */
import type { ChangedFile, Changes, NamedWhy } from '../../domain/changes.ts'

export interface PageData {
  readonly title: string
  readonly what: string
  /** Of several pages that show one comparison together: which one this is, from 1. */
  readonly part?: { readonly number: number; readonly of: number }
  readonly files: readonly PageFile[]
}

export interface PageFile extends Omit<ChangedFile, 'content'> {
  readonly shown: Shown
}

type Shown =
  /** `collapsed`: why the file is closed at first. */
  | { readonly kind: 'patch'; readonly patch: string; readonly language?: string; readonly collapsed?: string }
  /** `data:` addresses. */
  | { readonly kind: 'images'; readonly before?: string; readonly after?: string }
  | { readonly kind: 'named'; readonly why: string }

/** Of names that know their language: extensions and whole names. */
export type LanguagesOfNames = Readonly<Record<string, string>>

/** `clean`: takes known secrets out of a text. */
export function pageData(
  title: string,
  { what, files }: Changes,
  { languages, clean }: { readonly languages: LanguagesOfNames; readonly clean: (text: string) => string },
): PageData {
  const shown = files.map(({ content, path, from, ...facts }): PageFile => {
    const named = { ...facts, path: clean(path), ...(from !== undefined && { from: clean(from) }) }
    if (content.kind === 'named') return { ...named, shown: { kind: 'named', why: WHY[content.why] } }
    if (content.kind === 'images') return { ...named, shown: content }
    const language = languageOf(path, languages)
    const collapsed = whyCollapsed(path, content.patch, facts)
    const more = { ...(language !== undefined && { language }), ...(collapsed !== undefined && { collapsed }) }
    return { ...named, shown: { kind: 'patch', patch: clean(content.patch), ...more } }
  })
  return { title: clean(title), what: clean(what), files: shown }
}

const WHY: Readonly<Record<NamedWhy, string>> = {
  secret: 'Only named: by its name this file holds a password or a key.',
  binary: 'This file is not a text.',
  large: 'This file is too large to be shown.',
  repository: 'This is a Git repository of its own: its changes stand there.',
}

/** The longest ending of the name that is known: `x.d.ts` is a `ts`. */
function languageOf(path: string, languages: LanguagesOfNames): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const endings = [name, ...name.split('.').map((_, index, parts) => parts.slice(index + 1).join('.'))]
  const known = endings.find((ending) => ending !== '' && Object.hasOwn(languages, ending))
  return known === undefined ? undefined : languages[known]
}

/** More than anybody reads line by line: such a file is opened when somebody wants to. */
const LINES_MAX = 2000
const UNITS_MAX = 300_000

function whyCollapsed(
  path: string,
  patch: string,
  { added, deleted }: Pick<ChangedFile, 'added' | 'deleted'>,
): string | undefined {
  if (GENERATED_NAME.test(path) || GENERATED_MARK.test(patch.slice(0, 4000))) return 'generated'
  return added + deleted > LINES_MAX || patch.length > UNITS_MAX ? 'large' : undefined
}

const GENERATED_NAME =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|[^/]+\.lock|go\.sum|[^/]+\.min\.(?:js|css|mjs)|[^/]+\.(?:js|css|mjs)\.map|[^/]+\.snap|[^/]+\.pb\.go|[^/]+_pb2\.pyi?|[^/]+\.g\.dart|[^/]+[._]generated\.[^/]+)$|(?:^|\/)(?:dist|vendor|node_modules|__generated__)\//
const GENERATED_MARK = /^[+ ].{0,40}(?:@generated|Code generated .{0,80}DO NOT EDIT)/m

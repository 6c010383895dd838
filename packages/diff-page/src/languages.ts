/** The languages that a page can colour, and which file is of which. */
import { EXTENSION_TO_FILE_FORMAT } from '@pierre/diffs'

export interface Languages {
  /** By language: the names of the grammars it needs. */
  readonly needs: Readonly<Record<string, readonly string[]>>
  /** By name: a grammar as JSON. */
  readonly grammars: Readonly<Record<string, string>>
  /** By extension or whole file name. */
  readonly ofNames: Readonly<Record<string, string>>
}

/** What projects are written in. All 240 would be 11 MB. */
const NAMES = `
  astro c clojure cmake cmd cpp csharp css csv dart docker elixir erlang fish fsharp go graphql groovy haskell
  hcl html ini java javascript json json5 jsonc jsonl jsx julia kotlin less lua make markdown mdx nginx nix
  ocaml perl php powershell prisma proto python r ruby rust sass scala scss solidity sql svelte swift terraform
  toml tsx typescript vue xml yaml zig zsh
`
  .trim()
  .split(/\s+/)

/** One that stands for another: its own grammar is large, or colours the same words. */
const STANDS_FOR: Readonly<Record<string, string>> = { 'objective-cpp': 'cpp', 'objective-c': 'c' }

export async function readLanguages(): Promise<Languages> {
  const needs: Record<string, readonly string[]> = {}
  const grammars: Record<string, string> = {}
  for (const name of NAMES) {
    const { default: found } = (await import(`@shikijs/langs/${name}`)) as {
      readonly default: readonly { readonly name: string }[]
    }
    needs[name] = found.map((grammar) => grammar.name)
    for (const grammar of found) grammars[grammar.name] ??= JSON.stringify(grammar)
  }
  const ofNames = Object.entries(EXTENSION_TO_FILE_FORMAT).flatMap(([extension, language = '']) => {
    const known = STANDS_FOR[language] ?? language
    return known in needs ? [[extension, known] as const] : []
  })
  return { needs, grammars, ofNames: Object.fromEntries(ofNames) }
}

/** What Node must load before a chunk of the bundle can run: the chunk, all it imports statically, and Node's own modules. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function loadedAtOnce(dist: string, entry: string): readonly string[] {
  const loaded = new Set([entry])
  for (const file of loaded) {
    if (!file.endsWith('.js')) continue
    const code = readFileSync(join(dist, file), 'utf8')
    for (const statement of [IMPORT, BUILTIN])
      for (const [, name = ''] of code.matchAll(statement)) loaded.add(name.replace('./', ''))
  }
  return [...loaded]
}

/** The bundler writes each on a line of its own, at the top. */
const IMPORT = /^import (?:[^"\n]* from )?"([^"\n]+)";$/gm
/** `builtinsWithoutTheirGetters` of `vite.config.ts` has put this in the place of an import. */
const BUILTIN = /^const .* = process\.getBuiltinModule\("([^"\n]+)"\);$/gm

// Plain JavaScript, so that the cache is on before the first TypeScript file is read: with it a start costs half as much.
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

enableCompileCache(join(tmpdir(), `scripted-opencode-${process.getuid?.() ?? 0}`))
// A bundle of `src/main.ts`, where there is one: a start then costs half as much again.
await import(process.env.SCRIPTED_OPENCODE_MAIN ?? '../src/main.ts')

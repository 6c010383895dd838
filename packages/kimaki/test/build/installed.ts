/**
 * The product as npm installs it: a package folder beside the others, with `bin/` and a `dist/` built this moment by `npm run build`.
 * Never `packages/kimaki/dist`: what may be old proves nothing, and what is new must not change what other tests run.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Entry } from '../support/bot-process.ts'

export interface Installed {
  /** `bin/kimaki.cjs`, what a user starts. */
  readonly bin: string
  /** `bin/kimaki.cjs` for `startBot`. */
  readonly entry: Entry
  /** The folder of `main.js` and its chunks. */
  readonly dist: string
  remove(): void
}

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const BUILD_MS = 60_000

export async function installBuilt(): Promise<Installed> {
  const neighbour = createRequire(import.meta.url).resolve('opencode-ai/package.json')
  const folder = mkdtempSync(join(dirname(dirname(neighbour)), '.kimaki-built-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const dist = join(folder, 'dist')
  const bin = join(folder, 'bin', 'kimaki.cjs')
  try {
    for (const piece of ['package.json', 'bin']) cpSync(join(PACKAGE, piece), join(folder, piece), { recursive: true })
    await promisify(execFile)('npm', ['run', 'build', '--', '--outDir', dist], {
      cwd: PACKAGE,
      env: plainEnvironment(),
      timeout: BUILD_MS,
    })
  } catch (error) {
    remove()
    throw error
  }
  return { bin, dist, entry: { kind: 'composition', file: pathToFileURL(bin) }, remove }
}

/** A build must not notice that a test asked for it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !name.startsWith('VITE'))
  return Object.fromEntries(kept)
}

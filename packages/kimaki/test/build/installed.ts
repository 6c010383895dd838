/**
 * The product as a user has it: `npm pack` makes the tarball from a `dist/` built this moment, and npm installs it into an empty folder.
 * Never `packages/kimaki/dist`: what may be old proves nothing, and what is new must not change what other tests run.
 *
 * The 360 MB of OpenCode are not fetched again: a package of its name and version stands in for it, beside a link to the program that is
 * here already. So the tarball must find OpenCode as it does in real life, and npm needs no network.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { findBinary } from '../../src/opencode/process/binary.ts'
import type { Entry } from '../support/bot-process.ts'

export interface Installed {
  /** `bin/kimaki.cjs`, what a user starts. */
  readonly bin: string
  /** `bin/kimaki.cjs` for `startBot`. */
  readonly entry: Entry
  /** The folder of `main.js` and its chunks. */
  readonly dist: string
  /** What stands in the tarball, by path. */
  readonly files: readonly string[]
  /** Names of all packages that npm installed. */
  readonly packages: readonly string[]
  remove(): void
}

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const STEP_MS = 60_000
const OFFLINE = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

export async function installBuilt(): Promise<Installed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-installed-')))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const { tarball, files } = await pack(join(folder, 'source'))
    const prefix = join(folder, 'prefix')
    const packages = await install(prefix, [tarball, ...STAND_INS.map((name) => standIn(join(folder, name), name))])
    linkOpenCode(join(prefix, 'node_modules'))
    const home = join(prefix, 'node_modules', 'kimaki')
    const bin = join(home, 'bin', 'kimaki.cjs')
    const entry = { kind: 'composition', file: pathToFileURL(bin) } as const
    return { bin, dist: join(home, 'dist'), entry, files, packages, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** From a copy of the package, without the script that would build into the checkout. */
async function pack(source: string): Promise<{ readonly tarball: string; readonly files: readonly string[] }> {
  mkdirSync(source)
  for (const piece of ['package.json', 'README.md', 'LICENSE', 'bin'])
    cpSync(join(PACKAGE, piece), join(source, piece), { recursive: true })
  await npm(PACKAGE, ['run', 'build', '--', '--outDir', join(source, 'dist'), '--logLevel', 'error'])
  const told = JSON.parse(await npm(source, ['pack', '--json', ...OFFLINE])) as unknown
  // A list, or in newer versions of npm an object by name.
  const [packed] = Object.values(told as Record<string, { filename: string; files: { path: string }[] }>)
  if (packed === undefined) throw new Error('npm pack told of no package')
  return { tarball: join(source, packed.filename), files: packed.files.map(({ path }) => path) }
}

async function install(prefix: string, what: readonly string[]): Promise<readonly string[]> {
  mkdirSync(prefix)
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }')
  await npm(prefix, ['install', ...OFFLINE, '--install-links', ...what])
  const lock = JSON.parse(readFileSync(join(prefix, 'package-lock.json'), 'utf8')) as { readonly packages: object }
  return Object.keys(lock.packages).flatMap((path) => (path === '' ? [] : [path.replace(/^.*node_modules\//, '')]))
}

const VERSIONS: Readonly<Record<string, string>> = { ...packageJson.dependencies, ...packageJson.optionalDependencies }
const STAND_INS = Object.keys(VERSIONS)

function standIn(folder: string, name: string): string {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: VERSIONS[name] }))
  return folder
}

function linkOpenCode(modules: string): void {
  const binary = findBinary(undefined)
  if (binary instanceof Error) throw binary
  const theirs = dirname(dirname(binary))
  symlinkSync(theirs, join(modules, basename(theirs)))
}

/** A build must not notice that a test asked for it, nor npm that a script of another npm did. */
async function npm(cwd: string, args: readonly string[]): Promise<string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && !/^(?:VITE|npm_(?!config_cache))/i.test(name),
  )
  const options = { cwd, env: Object.fromEntries(kept), timeout: STEP_MS }
  return (await promisify(execFile)('npm', args, options)).stdout
}

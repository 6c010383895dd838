/**
 * The bot, the compositions of the tests and what plays OpenCode as bundles, made before all tests with the settings of `npm run build`,
 * and with a filled compile cache: a start takes 0.2 s of CPU time instead of 0.6 (sources with a cache) or 1.2 (without). Outside a test run (`test:crash`,
 * `test:load`) the sources are started.
 */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SCRIPTED_OPENCODE } from 'scripted-opencode'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const ROOT = join(PACKAGE, '../..')
const ENTRY = join(PACKAGE, 'src/cli/entry.ts')
/** What tests start by name. */
const STARTED = [
  'src/cli/entry.ts',
  'test/{crash,faults,load,e2e,support}/**/{*-bot,bot-that-*,without-*}.ts',
  'test/cli/fixtures/{bot-that-throws,wrapped-program}.ts',
]
/** What plays OpenCode: started more often than the bot. */
const SCRIPTED = join(PACKAGE, '../scripted-opencode/src/main.ts')
const BUILT_FROM = [
  'bin/*.cjs',
  'src/**/*.ts',
  'test/**/*.ts',
  '../scripted-opencode/src/**/*.ts',
  'vite.config.ts',
  '../../package-lock.json',
]
/** In the folder of the bundle: the launcher, as an installed package has it. Other packages find it by this name. */
const LAUNCHER = 'package/bin/kimaki.cjs'
/** Names the folder of the bundle to those who start a program. */
const PROGRAMS = 'KIMAKI_TEST_PROGRAMS'
const DAY_MS = 86_400_000

/** Node keeps compiled code here: it writes it when a process ends in order, which a killed bot never does. */
export const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'kimaki-tests')

/** Nothing to build or to fill while the sources are those of the last run. */
export async function preparePrograms(): Promise<void> {
  const folder = join(COMPILE_CACHE, `programs-${hashOfSources()}`)
  process.env[PROGRAMS] = folder
  if (existsSync(folder)) return
  forgetOld()
  // Two runs may do this at a time.
  const unfinished = `${folder}.${process.pid}`
  await bundle(unfinished)
  if (existsSync(folder)) rmSync(unfinished, { recursive: true })
  else renameSync(unfinished, folder)
  await fillCompileCache()
}

/** The variables with which a bot starts the process that plays OpenCode. */
export function scriptedOpenCode(): Readonly<Record<string, string>> {
  const folder = process.env[PROGRAMS]
  return {
    OPENCODE_PATH: SCRIPTED_OPENCODE,
    SCRIPTED_OPENCODE_NODE: process.execPath,
    ...(folder !== undefined && { SCRIPTED_OPENCODE_MAIN: join(folder, 'scripted-opencode/main.js') }),
  }
}

/** The file that Node starts: the bundled one of a source file, where there is one. */
export function programOf(source: string = ENTRY): string {
  const folder = process.env[PROGRAMS]
  const bundled = folder && join(folder, `${withoutEnding(relative(PACKAGE, source))}.js`)
  return bundled !== undefined && existsSync(bundled) ? bundled : source
}

async function bundle(outDir: string): Promise<void> {
  const { build } = await import('vite')
  const files = globSync(STARTED, { cwd: PACKAGE }).filter((file) => !file.endsWith('inner-bot.ts'))
  const input = Object.fromEntries(files.map((file) => [withoutEnding(file), join(PACKAGE, file)]))
  await build({
    configFile: join(PACKAGE, 'vite.config.ts'),
    logLevel: 'error',
    build: { ssr: true, outDir, rolldownOptions: { input } },
  })
  await build({
    configFile: join(PACKAGE, 'vite.config.ts'),
    logLevel: 'error',
    build: { ssr: SCRIPTED, outDir: join(outDir, 'scripted-opencode') },
  })
  mkdirSync(join(outDir, 'package/bin'), { recursive: true })
  copyFileSync(join(PACKAGE, 'bin/kimaki.cjs'), join(outDir, LAUNCHER))
  symlinkSync('../src/cli', join(outDir, 'package/dist'))
  // As the package says it. Without it Node reads each file twice to find out: a tenth of the CPU time of a start.
  writeFileSync(join(outDir, 'package.json'), JSON.stringify({ type: 'module' }))
}

async function fillCompileCache(): Promise<void> {
  const { startHarness } = await import('./harness.ts')
  const harness = await startHarness({ rules: [], opencode: 'none' })
  try {
    const project = await harness.project('alpha')
    // The wrapper gives its bot other flags of V8, and these have a cache of their own.
    for (const env of [{}, { KIMAKI_NO_WRAPPER: '' }]) {
      const bot = await harness.bot({ kind: 'source' }, env)
      await harness.untilSaid(harness.owner.send(project.channelId, '!true').id, 'exit 0')
      await bot.stop()
    }
  } finally {
    await harness.stop()
  }
}

function forgetOld(): void {
  if (!existsSync(COMPILE_CACHE)) return
  for (const name of readdirSync(COMPILE_CACHE)) {
    const folder = join(COMPILE_CACHE, name)
    if (Date.now() - statSync(folder).mtimeMs > DAY_MS) rmSync(folder, { recursive: true })
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(process.version)
  for (const file of globSync(BUILT_FROM, { cwd: PACKAGE }).toSorted())
    hash.update(file).update(readFileSync(join(PACKAGE, file)))
  return hash.digest('hex').slice(0, 16)
}

const withoutEnding = (file: string): string => file.replace(/\.ts$/, '')

/**
 * `npm run build` makes `dist/entry.js`, which is small, and beside it a chunk for each room that a command loads when it needs it.
 * That is for the start: beside 104 ms of `node -e 0` on a busy machine `--help` took 132, `project list` 231, and
 * a bot was ready 2.4 times as late as Node alone. `npm run bench` holds them to 60, 200 and 250 ms on an idle machine.
 * `dist/diff-page.json` is what the page of a diff is made of. `dist/opencode-plugin.js` runs in OpenCode, `dist/resize-image.js`,
 * `dist/listen.js` and `dist/sql-connection.js` in processes of their own. Everything is bundled but Node's own modules,
 * OpenCode (a program, found at run time), sharp and natives that nothing of ours installs.
 */
import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { build, defineConfig, type Plugin } from 'vite'
import { bundleDiffPage } from 'diff-page'

/** `ws` uses these where they happen to be installed, and does without them everywhere else. */
const OPTIONAL_NATIVES = ['bufferutil', 'utf-8-validate']

/**
 * The library's entry without undici: the same code, but for the default of `makeRequest`, which `src/discord/rest/transport.ts` replaces.
 * 550 kB less to read at every start: 13 ms of 150 ms CPU until ready, and 5 of 80 MB.
 */
const discordRest = join(dirname(createRequire(import.meta.url).resolve('@discordjs/rest')), 'web.mjs')

/** `import a, { b as c } from "node:x";` or `import * as d from "node:x";`: the bundler writes each on a line of its own. */
const IMPORT =
  /^import (?:(?<whole>[\w$]+)(?:, )?)?(?:\* as (?<namespace>[\w$]+) )?(?:\{ (?<names>[^}]+) \})? ?from "(?<name>[^"]+)";$/gm

/**
 * Takes Node's own modules without `import`, which reads every export of a module once, also those that load more when they are read:
 * `import 'node:http'` loads Node's undici for `http.WebSocket` (72 of 88 ms CPU, on a busy machine), `node:fs` its streams, `node:crypto` WebCrypto.
 */
const builtinsWithoutTheirGetters: Plugin = {
  name: 'builtins-without-their-getters',
  renderChunk: (code) =>
    code.replaceAll(IMPORT, (line, ...rest) => {
      const { whole, namespace, names, name } = rest.at(-1) as Readonly<Record<string, string | undefined>>
      if (name === undefined || !isBuiltin(name) || names?.includes('default as ')) return line
      const builtin = `process.getBuiltinModule("${name}")`
      const constants = [whole, namespace, names && `{ ${names.replaceAll(' as ', ': ')} }`]
      return constants
        .filter((constant) => constant !== undefined)
        .map((constant) => `const ${constant} = ${builtin};`)
        .join(' ')
    }),
}

/**
 * Commander needs these for subcommands that are programs of their own. Kimaki has none, and `node:child_process` would be loaded for
 * `--help` (with `node:net` and `node:dgram`).
 */
const COMMANDER_LAZY = ['node:child_process', 'node:fs']

const lazyInCommander: Plugin = {
  name: 'lazy-in-commander',
  enforce: 'pre',
  resolveId: (id, importer) =>
    importer?.includes('/node_modules/commander/') && COMMANDER_LAZY.includes(id) ? `\0lazy:${id}` : undefined,
  load: (id) =>
    id.startsWith('\0lazy:')
      ? `export default new Proxy({}, { get: (_, name) => process.getBuiltinModule("${id.slice('\0lazy:'.length)}")[name] })`
      : undefined,
}

/**
 * The event emitter of `@discordjs/*` brings its own copy of Node's `util.inspect` (for browsers): 112 kB that run at every start for a
 * sentence in an error, 21 of 184 ms CPU of loading the bot. Node's own does the same.
 */
const EMITTER = /\/@vladfrangu\/async_event_emitter\/dist\/index\.mjs$/
const INSPECT_COPY = '__toESM(require_inspect(), 1)'

const ownInspect: Plugin = {
  name: 'own-inspect',
  transform(code, id) {
    if (!EMITTER.test(id)) return undefined
    if (!code.includes(INSPECT_COPY)) this.error('the event emitter has changed: look where it takes `inspect` from')
    return code.replace(INSPECT_COPY, '{ default: process.getBuiltinModule("node:util") }')
  },
}

/** The library with which large images are made smaller. Its native parts are of each machine's own kind, and it is missing where there are none. */
const SHARP = 'sharp'
/** Photos of telephones: 8 MB, loaded with the first one. */
const HEIF = 'libheif-js/wasm-bundle.js'

/** Programs that do not run in the process of the bot: each is bundled by itself, as one file, and shares no chunk with the bot. */
const OTHER_PROGRAMS = {
  'opencode-plugin.js': { source: '../opencode-plugin/src/main.ts', target: 'es2023' },
  'listen.js': { source: 'src/host/voice/local/listen.ts', target: 'node24' },
  'resize-image.js': { source: 'src/host/images/resize.ts', target: 'node24' },
}

const otherPrograms: Plugin = {
  name: 'other-programs',
  async generateBundle() {
    for (const [fileName, { source, target }] of Object.entries(OTHER_PROGRAMS)) {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: {
          ssr: join(import.meta.dirname, source),
          write: false,
          target,
          minify: false,
          rolldownOptions: { external: [SHARP, HEIF] },
        },
        ssr: { noExternal: true, target: 'node' },
      })
      const chunks = [built].flat().flatMap((made) => ('output' in made ? made.output : []))
      const [chunk, ...others] = chunks
      if (chunk?.type !== 'chunk' || others.length > 0) return this.error(`${fileName} must be one file`)
      this.emitFile({ type: 'asset', fileName, source: chunk.code })
    }
  },
}

/** The page of a diff carries its own program, which is made here. */
const diffPage: Plugin = {
  name: 'diff-page',
  async generateBundle() {
    const { licences, ...program } = await bundleDiffPage()
    this.emitFile({ type: 'asset', fileName: 'diff-page.json', source: JSON.stringify(program) })
    this.emitFile({ type: 'asset', fileName: 'diff-page-licenses.md', source: licences })
  },
}

/** What whoever installs the package needs; the other pages are about the code. */
const PAGES = ['access', 'durability', 'operating', 'security', 'troubleshooting', 'using']
const LINK = /\[([^\]]+)\]\((?!https?:|#)([^)#]*)(#[^)]*)?\)/g

/** The pages beside the program, as `docs/`. A link to a page that stays behind becomes plain text. */
const pagesForUsers: Plugin = {
  name: 'pages-for-users',
  generateBundle() {
    for (const page of PAGES) {
      const text = readFileSync(join(import.meta.dirname, '../../docs', `${page}.md`), 'utf8')
      const source = text.replaceAll(LINK, (link, words: string, target: string) => {
        if (target === '../README.md') return `[${words}](../../README.md)`
        return PAGES.includes(target.replace(/\.md$/, '')) ? link : words
      })
      this.emitFile({ type: 'asset', fileName: `docs/${page}.md`, source })
    }
  },
}

/** What every start loads, and what every command line loads: one file each, since a start has to find, read and link every file. */
const GROUPS = [
  { name: 'boot', test: /\/src\/cli\/(compile-cache|flags|wrapped|status)\.ts$/ },
  { name: 'verbs', test: /\/src\/(cli\/(commands\/|command\.ts|snowflake)|base\/(errors|clock))|\/errore\// },
]

export default defineConfig({
  root: import.meta.dirname,
  plugins: [lazyInCommander, ownInspect, builtinsWithoutTheirGetters, otherPrograms, diffPage, pagesForUsers],
  resolve: { alias: [{ find: /^@discordjs\/rest$/, replacement: discordRest }] },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    // It would save 3 of 140 ms and 1 of 76 MB at the start, and make every stack in a user's log unreadable.
    minify: false,
    // The bundle holds the code of others, whose licences ask to go along.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: { entry: 'src/cli/entry.ts', 'sql-connection': 'src/store/hrana/program.ts' },
      external: ['opencode-ai', SHARP, ...OPTIONAL_NATIVES],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', codeSplitting: { groups: GROUPS } },
    },
  },
})

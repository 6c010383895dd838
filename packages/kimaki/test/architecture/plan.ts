/** The house plan as data: who may import what. The rules beside this file read it; docs/architecture.md says the same in words. */

/** Where the product's rooms are. */
export const SRC = 'packages/kimaki/src/'

export interface Room {
  /** Rooms it may import. `types`: with `import type` only. */
  readonly rooms: Readonly<Record<string, 'yes' | 'types'>>
  /** Modules of Node it may import; by path below `src/` where only a part of the room may. */
  readonly node: 'all' | Readonly<Record<string, string>>
}

const ADAPTER: Room = { rooms: { base: 'yes', domain: 'yes', view: 'yes', ports: 'types' }, node: 'all' }

/** Rooms of packages/kimaki/src, from the bottom up. What an adapter takes from domain and view is pure, as all of it is. */
export const ROOMS: Readonly<Record<string, Room>> = {
  base: { rooms: {}, node: { 'node:crypto': 'base/', 'node:path': 'base/environment.ts' } },
  domain: { rooms: { base: 'yes' }, node: {} },
  view: { rooms: { base: 'yes', domain: 'types' }, node: {} },
  ports: { rooms: { base: 'types', domain: 'types', view: 'types' }, node: {} },
  app: {
    rooms: { base: 'yes', domain: 'yes', view: 'yes', ports: 'types' },
    node: { 'node:timers': 'app/', 'node:timers/promises': 'app/', 'node:http': 'app/control/' },
  },
  store: ADAPTER,
  discord: ADAPTER,
  opencode: ADAPTER,
  git: ADAPTER,
  host: ADAPTER,
  cli: {
    rooms: {
      base: 'yes',
      domain: 'yes',
      view: 'yes',
      ports: 'yes',
      app: 'yes',
      store: 'yes',
      discord: 'yes',
      opencode: 'yes',
      git: 'yes',
      host: 'yes',
    },
    node: 'all',
  },
}

/** The one place below packages/kimaki/src that may import a library. Node's own modules are listed where they have an owner too. */
export const OWNERS: Readonly<Record<string, string>> = {
  '@discordjs/rest': 'discord/',
  '@discordjs/ws': 'discord/connection.ts',
  commander: 'cli/main.ts',
  'discord-api-types': 'discord/',
  errore: 'base/',
  'eventsource-parser': 'opencode/stream.ts',
  'node:sqlite': 'store/',
  'opencode-ai': 'opencode/binary.ts',
  pino: 'host/log.ts',
}

/** What the source of a package may import of the others. Tests and benchmarks of every package may use the three small worlds. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  kimaki: [],
  'discord-emulator': [],
  'scripted-model': [],
  checker: [],
  playground: ['discord-emulator', 'scripted-model', 'checker'],
}

/** They know nothing of Kimaki, not even its name. */
export const SMALL_WORLDS: readonly string[] = ['discord-emulator', 'scripted-model', 'checker']

/** Rooms that take time, randomness and ids as inputs. */
export const TIMELESS_ROOMS: readonly string[] = ['base', 'domain', 'view', 'ports', 'app']

/** Browser tests, which need a Chromium; under CI they fail instead. */
export const MAY_SKIP: readonly string[] = ['packages/playground/test/playground.test.ts']

/** The one file below `src/` that has a shell read what somebody wrote. */
export const SHELL_OWNER = 'host/shell/gate.ts'

export const LONGEST_FILE = 400
export const LONGEST_MEDIAN = 120

/** What shows that an effect may be handed out again: points at which the bot is killed around it, or a test that does it twice. */
export type Proof =
  | { readonly points: readonly string[] }
  | { readonly file: string; /** Its title, word for word. */ readonly test: string }

export const EFFECT_PROOFS: Readonly<Record<string, Proof>> = {
  'open-thread': { points: ['thread-before', 'thread-after'] },
  'open-session': { points: ['session-before', 'session-after', 'session-outcome-before-commit'] },
  prepare: { points: ['attachment-before', 'attachment-after'] },
  prompt: { points: ['prompt-before', 'prompt-after', 'prompt-after-tool-run', 'prompt-outcome-before-commit'] },
  fork: { points: ['fork-before', 'fork-after', 'fork-outcome-before-commit'] },
  'open-aside': {
    points: [
      'aside-thread-before',
      'aside-thread-after',
      'aside-accept-before-commit',
      'aside-accept-after-commit',
      'aside-outcome-before-commit',
    ],
  },
  'reject-ask': {
    file: 'packages/kimaki/test/opencode/asks.test.ts',
    test: 'a permission is asked for; rejected, the tool fails and the run ends; rejecting again is fine',
  },
  interrupt: { points: ['interrupt-before', 'interrupt-after'] },
  abort: {
    file: 'packages/kimaki/test/opencode/contract.test.ts',
    test: 'aborting again, or a session that is not there, is fine',
  },
  shell: { points: ['shell-before', 'shell-after', 'shell-outcome-before-commit'] },
}

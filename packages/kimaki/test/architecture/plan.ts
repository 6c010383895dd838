/** The house plan as data: who may import what. The rules beside this file read it; docs/architecture.md says the same in words. */

import type { FunctionLimits } from './functions.ts'

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
  view: { rooms: { base: 'yes', domain: 'yes' }, node: {} },
  ports: { rooms: { base: 'types', domain: 'types', view: 'types' }, node: {} },
  /** Slash commands, a declaration each. */
  commands: { rooms: { base: 'yes', domain: 'yes', view: 'yes', ports: 'types' }, node: {} },
  app: {
    rooms: { base: 'yes', domain: 'yes', view: 'yes', ports: 'types', commands: 'yes' },
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

/**
 * The entries of a folder, floor by floor from the bottom up. A file imports only entries of the floors below its own; entries of one
 * floor do not know each other. `*` stands for the files that are not named, which may.
 */
export type Order = readonly (readonly string[])[]

/** Who may import whom among siblings, where a room (or a small package) has folders of its own. By path from the repository's root. */
export const ORDERS: Readonly<Record<string, Order>> = {
  [`${SRC}domain`]: [['*'], ['message', 'models'], ['schedule'], ['conversation']],
  [`${SRC}domain/conversation`]: [['posts'], ['*'], ['run'], ['features', 'gates.ts'], ['close-turn.ts', 'step.ts', 'inquiry']],
  [`${SRC}app`]: [
    ['*', 'preferences'],
    ['offers'],
    ['conversation'],
    ['effects', 'intake', 'actions', 'control', 'drain.ts'],
    ['effect-runner.ts', 'inquiry', 'projects', 'mirror', 'tasks'],
    ['upkeep', 'bot-deps.ts'],
    ['bot.ts'],
  ],
  [`${SRC}discord`]: [
    ['wire'],
    ['rest', 'layout'],
    ['outbound'],
    ['inbound'],
    ['gateway', 'inspect.ts', 'diagnose.ts'],
    ['chat.ts'],
  ],
  [`${SRC}opencode`]: [['wire', 'secrets', 'plugin'], ['process', 'terminals'], ['session'], ['project'], ['pool'], ['agent.ts']],
  [`${SRC}host`]: [['*', 'process'], ['accounts', 'diff-page', 'images', 'shell', 'voice'], ['shell.ts']],
  [`${SRC}cli`]: [
    ['saved', 'terminal', 'loopback', 'owners'],
    ['*'],
    ['folders', 'sqlitedb'],
    ['compose.ts'],
    ['command.ts'],
    ['flags.ts', 'control'],
    ['projects', 'completion', 'doctor', 'service', 'agent', 'status-page'],
    ['sessions'],
    ['sending', 'gateway', 'wake'],
    ['scheduling'],
    ['import', 'upgrade'],
    ['onboarding'],
    ['commands'],
    ['process'],
    ['main.ts'],
    ['entry.ts'],
  ],
  'packages/discord-emulator/src/world': [
    ['base'],
    ['realm'],
    ['show'],
    ['threads'],
    ['members', 'messages'],
    ['channels', 'oauth'],
    ['interactions'],
    ['people', 'transcript.ts'],
    ['world.ts'],
  ],
  'packages/discord-emulator/src/rest': [['*'], ['body'], ['serve'], ['routes'], ['routes.ts']],
  'packages/scripted-opencode/src': [
    ['base'],
    ['events'],
    ['store'],
    ['config'],
    ['model'],
    ['server'],
    ['tools'],
    ['run'],
    ['routes'],
    ['serve'],
    ['main.ts', 'index.ts'],
  ],
  'packages/gateway/src': [
    ['base'],
    ['ports', 'config.ts'],
    ['upstream'],
    ['events'],
    ['store'],
    ['rest'],
    ['socket', 'onboarding', 'wake'],
    ['serve'],
    ['gateway.ts'],
    ['main.ts'],
  ],
  'packages/playground/src/page': [['base', 'style'], ['state'], ['markdown', 'forms'], ['messages', 'frame', 'writing'], ['*']],
}

/** The one place below packages/kimaki/src that may import a library. Node's own modules are listed where they have an owner too. */
export const OWNERS: Readonly<Record<string, string>> = {
  '@clack/prompts': 'cli/onboarding/',
  '@discordjs/rest': 'discord/rest/',
  '@opencode-ai/sdk': 'opencode/wire/api.ts',
  'chrono-node': 'domain/schedule/when.ts',
  commander: 'cli/main.ts',
  croner: 'domain/schedule/cron.ts',
  'discord-api-types': 'discord/',
  errore: 'base/',
  'kimaki-protocol': 'cli/',
  'eventsource-parser': 'opencode/wire/stream.ts',
  'libheif-js': 'host/images/',
  'node:sqlite': 'store/',
  'opencode-ai': 'opencode/process/binary.ts',
  pino: 'host/log.ts',
  sharp: 'host/images/',
  ws: 'discord/gateway/connection.ts',
}

/** What the source of a package may import of the others. Tests and benchmarks of every package may use the small worlds. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  /** The page of a diff only when it is built. */
  kimaki: ['protocol', 'diff-page'],
  'discord-emulator': [],
  'scripted-model': [],
  'scripted-opencode': [],
  checker: [],
  'opencode-plugin': [],
  protocol: [],
  gateway: ['protocol'],
  playground: ['discord-emulator', 'scripted-model', 'checker'],
  'diff-page': [],
}

/** They know nothing of Kimaki, not even its name. */
export const SMALL_WORLDS: readonly string[] = ['discord-emulator', 'scripted-model', 'scripted-opencode', 'checker']

/** Rooms that take time, randomness and ids as inputs. */
export const TIMELESS_ROOMS: readonly string[] = ['base', 'domain', 'view', 'ports', 'app']

/** The one file of these rooms that knows the real time. */
export const CLOCK = 'base/clock.ts'

/** Browser tests, which need a Chromium, and those of a model for speech; under CI they fail instead. */
export const MAY_SKIP: readonly string[] = [
  'packages/playground/test/playground.test.ts',
  'packages/kimaki/test/host/voice/local.test.ts',
  'packages/kimaki/test/host/diff-page/page.test.ts',
]

/** The one file below `src/` that has a shell read what somebody wrote. */
export const SHELL_OWNER = 'host/shell/spawn-paused.ts'

export const LONGEST_FILE = 400
export const LONGEST_MEDIAN = 120
/** Source files in one folder, of every package. */
export const WIDEST_FOLDER = 15
/** Of the product's functions. */
export const FUNCTION_LIMITS: FunctionLimits = { lines: 80, captured: 4 }

/** Files of the tests that may use a timer or start a command that takes its time, and what for. All else waits for conditions. */
export const MAY_SLEEP: Readonly<Record<string, string>> = {
  'packages/discord-emulator/test/contract/house.ts': 'looks again until a condition holds, with a deadline',
  'packages/gateway/test/crash/kills.ts': 'kills at random moments; looks again until a condition holds, with a deadline',
  'packages/gateway/test/crash/processes/bot.ts': 'connects again',
  'packages/gateway/test/crash/processes/hasty-gateway.ts': 'takes its time between two steps, so that a kill hits it there',
  'packages/kimaki/test/architecture/shapes.test.ts': 'texts that the rule is shown',
  'packages/kimaki/test/base/sleep.test.ts': 'tests the pause itself, on a clock of its own',
  'packages/kimaki/test/cli/take-over.test.ts': '200 ms in which a take-over must not have ended',
  'packages/kimaki/test/cli/fixtures/wrapped-program.ts': 'a program that stays until it is killed',
  'packages/kimaki/test/crash/crashing-bot.ts': 'a bot that stands still until it is killed',
  'packages/kimaki/test/crash/mixes.ts': 'looks again for a button, and gives up in time',
  'packages/kimaki/test/crash/rules.ts': 'tools that last, so that kills come while they run',
  'packages/kimaki/test/crash/random-kills.ts': 'kills at random moments; looks for a stage and for the end, with a deadline',
  'packages/kimaki/test/crash/red-controls.ts': 'a weakened store that commits late',
  'packages/kimaki/test/discord/client.test.ts': 'connections of a length, on a clock of its own',
  'packages/kimaki/test/discord/world.ts': 'the deadline of a wait',
  'packages/kimaki/test/e2e/interrupt.test.ts': 'a step that ends before the interrupt is due: 0.4 s',
  'packages/kimaki/test/e2e/model-faults.test.ts': 'a tool that is silent for longer than the model may be',
  'packages/kimaki/test/e2e/shell.test.ts': 'lines 1.3 s and 0.1 s apart, for edits that are told apart',
  'packages/kimaki/test/faults/discord/deaf-connection.ts': 'heartbeats, as the protocol has them',
  'packages/kimaki/test/faults/discord/gateway.ts': 'an outage of a length',
  'packages/kimaki/test/support/inner-bot.ts': 'the deadline of a stop that a weakened adapter may never end',
  'packages/kimaki/test/faults/discord/runner.ts': 'looks again until a condition holds, with a deadline',
  'packages/kimaki/test/faults/discord/safeguards.ts':
    'a weakened gateway that tells a fresh session 2 s late; the product’s pause',
  'packages/kimaki/test/faults/discord/start.test.ts': '4 s in which a weakened start must not have tried again',
  'packages/kimaki/test/host/fixtures/command-bot.ts': 'a bot that stays until it is killed',
  'packages/kimaki/test/host/shell.test.ts': 'a process in the background that outlives its command: 3 s',
  'packages/kimaki/test/host/shell/output.test.ts': 'output in pieces, up to 3 s long',
  'packages/kimaki/test/load/catch-up.ts': 'a load lasts as long as it lasts; no part of npm test',
  'packages/kimaki/test/load/measured-bot.ts': 'samples a load; no part of npm test',
  'packages/kimaki/test/load/sustained.ts': 'a load lasts as long as it lasts; no part of npm test',
  'packages/kimaki/test/opencode/commands.test.ts': 'a command whose words take 0.7 s to expand',
  'packages/kimaki/test/opencode/fixtures/bot.ts': 'a bot that stays until it is killed',
  'packages/kimaki/test/support/harness.ts': 'the deadline of a wait',
  'packages/kimaki/test/support/until.ts': 'looks again until a condition holds, with a deadline',
  'packages/scripted-opencode/test/fixtures/server.ts': 'looks again until a condition holds, with a deadline',
}

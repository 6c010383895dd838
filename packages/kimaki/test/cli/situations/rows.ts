/** What each verb is called with in its situations, and how it ends there. */
import { CHANNEL, MESSAGE, THREAD } from './answers.ts'

/** The exit code, and words of stdout (0), of stderr (any other), or of stdout where the code itself is the answer. */
export type End = readonly [code: number, words: string | RegExp]

export interface Row {
  /** Without the words of the verb. */
  readonly args: readonly string[]
  readonly input?: string
  /** A bot runs and answers. */
  readonly up: End
  /** None runs, and no token is known. */
  readonly down: End
  /** Nothing is known but the token of the bot. */
  readonly token: End
  /** Wrong use that only this verb knows: each is told in a sentence, with 64. */
  readonly bad?: readonly (readonly [args: readonly string[], words: string])[]
  /** Its code says how things stand, and stdout tells more: nothing went wrong. */
  readonly tellsByCode?: true
}

export const NEEDS_BOT: End = [75, 'Start kimaki, then run']
export const PRINTS_A_TABLE: readonly string[] = ['project list', 'session list', 'task list', 'user list']

/** Without `--json`: a script for the shell, a person's terminal, one word, or what is JSON anyway. */
export const HAS_NO_JSON: readonly string[] = [
  '',
  'attach',
  'bot install-url',
  'bot token',
  'completion',
  'logs',
  'service install',
  'service uninstall',
  'session export',
]

const NOBODY_NAMED = [[], 'Give a session'] as const
const NO_ACCOUNTS: End = [0, 'No accounts are listed']

/** Where no bot runs makes no difference. */
const anywhere = (end: End): Pick<Row, 'up' | 'down' | 'token'> => ({ up: end, down: end, token: end })

const ofSession = (words: string): Row => ({
  args: ['ses_abc'],
  up: [0, words],
  down: NEEDS_BOT,
  token: NEEDS_BOT,
  bad: [[['leaves'], '"leaves" names no session']],
})

const NO_TASK: End = [64, 'There is no task t1a2b3c4d']

const ofTask = (words: string): Row => ({
  args: ['t1a2b3c4d'],
  up: [0, words],
  down: NO_TASK,
  token: NO_TASK,
  bad: [[['leaves'], 'A task is named by its id']],
})

export const ROWS: Readonly<Record<string, Row>> = {
  '': {
    args: ['--install-url'],
    up: [64, 'KIMAKI_BOT_TOKEN is not set'],
    down: [64, 'KIMAKI_BOT_TOKEN is not set'],
    token: [0, 'https://discord.com/oauth2/authorize'],
    bad: [
      [['--verbosity', 'loud'], '--verbosity must be one of'],
      [['--opencode-servers', 'many'], '--opencode-servers must be'],
      [['--restart-onboarding'], 'need a terminal'],
      [['--add-channels'], 'need a terminal'],
      [['strat'], 'there is no command "strat"'],
    ],
  },
  attach: {
    args: ['ses_abc'],
    ...anywhere([75, 'no OpenCode server of kimaki runs']),
  },
  'project add': {
    args: ['HERE'],
    up: [0, `is a project now: https://discord.com/channels/`],
    down: [64, 'KIMAKI_BOT_TOKEN is not set'],
    token: [0, 'is a project now'],
    bad: [
      [['HERE', '--guild', 'x'], '--guild must be'],
      [['/not/there'], '/not/there'],
      [['/'], '--force'],
    ],
  },
  'project create': {
    args: ['tulips'],
    up: [0, 'is a project now'],
    down: [64, 'KIMAKI_BOT_TOKEN is not set'],
    token: [0, 'is a project now'],
    bad: [
      [['..'], 'There is no letter or digit'],
      [['tulips', '--guild', 'x'], '--guild must be'],
    ],
  },
  'project link': {
    args: ['HERE', '--channel', 'CHANNEL'],
    up: [0, 'is now the project of channel'],
    down: [64, 'give --guild'],
    token: [0, 'is now the project of channel'],
    bad: [
      [['HERE', '--channel', 'garden'], 'names no channel'],
      [['/not/there', '--channel', CHANNEL], '/not/there'],
      [['HERE'], "required option '--channel <channel>' not specified"],
    ],
  },
  'project unlink': {
    args: ['HERE'],
    up: [0, 'is no project any more'],
    down: [64, 'is no project'],
    token: [64, 'is no project'],
  },
  'project remove': {
    args: ['HERE'],
    up: [0, 'is no project any more'],
    down: [64, 'is no project'],
    token: [64, 'is no project'],
  },
  'project list': {
    args: [],
    up: [0, 'The Botanical Workshop'],
    down: [0, 'No project is linked'],
    token: [0, 'No project is linked'],
  },
  'project open': {
    args: ['HERE'],
    up: [0, `https://discord.com/channels/`],
    down: [64, 'is no project'],
    token: [64, 'is no project'],
  },
  send: {
    args: ['--channel', 'CHANNEL', '--prompt', 'count the leaves'],
    up: [0, 'A new thread begins'],
    down: [64, 'is not linked to a folder'],
    token: [0, 'It is posted in Discord'],
    bad: [
      [['--prompt', 'x'], 'Give either --channel'],
      [['--channel', CHANNEL], 'The prompt is empty'],
      [['--channel', CHANNEL, '--prompt', 'x', '--model', 'm'], '--model must be'],
      [['--channel', CHANNEL, '--prompt', 'x', '--user', 'ann'], '--user must be'],
      [['--channel', CHANNEL, '--prompt', 'x', '--permission', 'bash'], '--permission must be'],
    ],
  },
  'multioauth list': { args: [], ...anywhere(NO_ACCOUNTS) },
  'multioauth add': {
    args: ['anthropic', 'work'],
    input: 'sk-leaves-and-more-leaves\n',
    ...anywhere([0, 'anthropic  work  ']),
    bad: [
      [['anthropic', 'a b'], '<label> may have'],
      [['anthropic', 'work'], 'That is no API key'],
    ],
  },
  'multioauth remove': { args: ['anthropic', 'work'], ...anywhere([64, 'anthropic has no account "work"']) },
  'multioauth order': { args: ['anthropic', 'work,home'], ...anywhere([64, 'anthropic has no account "work"']) },
  'multioauth clear': { args: ['anthropic'], ...anywhere([64, 'anthropic has no account']) },
  'multioauth fallback': {
    args: ['openai/gpt-5'],
    ...anywhere([64, 'No accounts are listed']),
    bad: [[['gpt-5'], 'A model is provider/model']],
  },
  'session list': {
    args: [],
    up: [0, 'ses_abc'],
    down: [0, 'There is no session yet'],
    token: [0, 'There is no session yet'],
    bad: [
      [['--limit', '0'], '--limit must be'],
      [['--project', 'not/there'], 'not/there'],
    ],
  },
  'session read': {
    ...ofSession('# Leaves'),
    bad: [NOBODY_NAMED, [['ses_abc', '--last'], 'Give a session'], [['ses_abc', '--project', '.'], '--project goes with --last']],
  },
  'session search': {
    args: ['leaves'],
    up: [0, 'seven leaves'],
    down: NEEDS_BOT,
    token: NEEDS_BOT,
    bad: [[['leaves', '--limit', 'all'], '--limit must be']],
  },
  'task list': { args: [], up: [0, 't1a2b3c4d'], down: [0, 'There is no task'], token: [0, 'There is no task'] },
  'task show': ofTask('count the leaves'),
  'task edit': {
    ...ofTask('count the leaves'),
    args: ['t1a2b3c4d', '--missed', 'skip'],
    bad: [
      [['t1a2b3c4d'], 'Say what to change'],
      [['leaves', '--missed', 'skip'], 'A task is named by its id'],
      [['t1a2b3c4d', '--missed', 'perhaps'], '--missed must be'],
      [['t1a2b3c4d', '--allow-concurrency', 'no'], '--allow-concurrency must be true or false'],
      [['t1a2b3c4d', '--time-zone', 'UTC'], '--time-zone goes with --send-at'],
    ],
  },
  'task pause': ofTask('The task rests'),
  'task resume': ofTask('Next run: Fri 2026-01-02 09:00 Europe/Berlin'),
  'task run': { ...ofTask('The task runs'), down: NEEDS_BOT, token: NEEDS_BOT },
  'task delete': ofTask('The task is deleted'),
  'session wait': { ...ofSession('seven leaves'), bad: [NOBODY_NAMED] },
  'session abort': ofSession('The agent is being stopped'),
  'session archive': ofSession('is archived'),
  'session export': ofSession('"ses_abc"'),
  'session discord-url': {
    ...ofSession(`https://discord.com/channels/`),
    down: [64, 'There is no session ses_abc on record'],
    token: [64, 'There is no session ses_abc on record'],
  },
  'worktree merge': ofSession('The branch opencode/kimaki-leaves is being merged'),
  'user list': {
    args: ['ann'],
    up: [0, MESSAGE],
    down: [64, 'KIMAKI_BOT_TOKEN is not set'],
    token: [0, 'Ann'],
    bad: [
      [['ann', '--guild', 'x'], '--guild must be'],
      [[' '], 'Give the beginning of a name'],
    ],
  },
  'bot token': { args: [], up: [64, 'No token is known'], down: [64, 'No token is known'], token: [0, /^\S+\n$/] },
  'bot install-url': {
    args: [],
    up: [64, 'KIMAKI_BOT_TOKEN is not set'],
    down: [64, 'KIMAKI_BOT_TOKEN is not set'],
    token: [0, 'https://discord.com/oauth2/authorize'],
  },
  'bot status': {
    args: [],
    up: [0, 'connected to Discord'],
    down: [75, 'kimaki does not run'],
    token: [75, 'kimaki does not run'],
    tellsByCode: true,
  },
  'upload-to-discord': {
    args: ['--session', 'ses_abc', 'chart.png'],
    up: [0, `Posted in thread ${THREAD}`],
    down: NEEDS_BOT,
    token: NEEDS_BOT,
    bad: [
      [['--session', 'ses_abc'], "missing required argument 'files'"],
      [['chart.png'], "required option '-s, --session <id>' not specified"],
      [['--session', 'x', 'chart.png'], '"x" names no session'],
    ],
  },
  status: {
    args: [],
    up: [0, 'projects: 1'],
    down: [75, 'kimaki does not run'],
    token: [75, 'kimaki does not run'],
    tellsByCode: true,
  },
  sqlitedb: {
    args: [],
    up: [0, 'address: http://127.0.0.1:1'],
    down: [64, 'kimaki has not run on this data folder'],
    token: [64, 'kimaki has not run on this data folder'],
    bad: [[['--writable'], 'a kimaki runs on']],
  },
  logs: {
    args: [],
    ...anywhere([64, 'kimaki has not run on this data folder']),
    bad: [[['--lines', 'all'], '--lines must be']],
  },
  why: {
    args: [THREAD],
    up: [0, 'Nothing goes on here'],
    down: [64, 'has no conversation'],
    token: [64, 'has no conversation'],
    bad: [[['leaves'], '<thread> must be']],
  },
  doctor: {
    args: [],
    up: [1, '✗ discord: '],
    down: [1, '✗ discord: '],
    token: [0, '✓ token'],
    tellsByCode: true,
  },
  'service install': { args: [], ...anywhere([0, 'Then start it: ']) },
  'service uninstall': { args: [], ...anywhere([0, 'There is no ']) },
  import: { args: [], ...anywhere([64, 'discord-sessions.db']), bad: [[['--from', '/not/there'], '/not/there']] },
  clean: {
    args: [],
    up: [0, 'Idle threads to archive: 1'],
    down: [0, 'There is nothing to clean up'],
    token: [0, 'There is nothing to clean up'],
  },
  'voice install': { args: [], ...anywhere([64, 'npm install']) },
  'voice status': { args: [], ...anywhere([0, 'Nobody writes voice messages down']) },
  'voice remove': { args: [], ...anywhere([0, 'Nobody writes voice messages down']) },
  tts: { args: ['hello'], ...anywhere([64, 'Nobody is set up to speak']), bad: [[['x', '--speed', '9'], '--speed must be']] },
  upgrade: { args: [], ...anywhere([64, 'Upgrade it']) },
  completion: { args: ['bash'], ...anywhere([0, 'complete ']), bad: [[['basic'], 'completion is there for']] },
}

/** What can go wrong with single requests. */
import type { FaultRow, Scenario } from './row.ts'

const POST = 'POST /channels/:channel/messages'
const THREAD = 'POST /channels/:channel/messages/:message/threads'
const FOREVER = Number.POSITIVE_INFINITY
const COSMETICS = ['POST /channels/:channel/typing', 'PATCH /channels/:channel', 'PUT /channels/:channel/thread-members/:user']

type Effect = Parameters<Scenario['harness']['emulator']['faults']['add']>[0]['effect']

const meets = (route: string, effect: Effect, times = 1) => {
  return ({ harness, ask, thread }: Scenario): void => {
    harness.emulator.faults.add({ route, times, effect })
    ask('follow up', thread)
    ask('a new one')
  }
}

/** All of them meet one post: which of two posts meets which fault would be left to chance. */
const meetsOne = (effect: Effect, times: number) => {
  return async ({ harness, ask, thread, until }: Scenario): Promise<void> => {
    const fault = harness.emulator.faults.add({ route: POST, times, effect })
    ask('follow up', thread)
    await until(() => (fault.hits === times ? true : undefined))
    ask('a new one')
  }
}

const refusal = (status: number, code: number, message: string): Effect => ({ kind: 'status', status, body: { message, code } })

export const limit = (scope: string, global = false): Effect => ({
  kind: 'status',
  status: 429,
  body: { message: 'You are being rate limited.', retry_after: 0.7, global, code: 0 },
  headers: { 'Retry-After': '1', 'X-RateLimit-Scope': scope, Via: '1.1 x', ...(global && { 'X-RateLimit-Global': 'true' }) },
})

/** After a 429 nothing of the kind may be asked before its time has passed. */
function askedTooSoon({ requests }: Scenario): readonly (string | false)[] {
  const refused = requests(POST).filter(({ status }) => status === 429)
  const early = requests(POST).some(({ at, path }) =>
    refused.some((one) => one.path === path && at > one.at && at < one.at + 700),
  )
  return [early && 'asked again before the limit had passed', refused.length === 0 && 'no limit was met']
}

const limited = (scope: string, global = false): FaultRow => ({
  name: `429 (${scope}) for a post: waited for`,
  kind: 'a post waits for a limit',
  scenario: meets(POST, limit(scope, global)),
  amiss: askedTooSoon,
  red: { without: 'rate-limit-end', shows: /lost/ },
})

/** The parts of an answer whose post was refused: as a file, or as a line. */
const hidden =
  (line: RegExp) =>
  ({ harness, thread }: Scenario) => [
    !harness.said(thread).some((text) => line.test(text)) && `nothing like ${String(line)} stands in the thread`,
  ]

/** Writing where nothing is any more: one post tells that the thread is gone, one that its channel is. */
function askedOfTheGone({ requests }: Scenario): readonly (string | false)[] {
  return [gone(requests) > 2 && `asked of what is gone ${gone(requests)} times`]
}

const gone = (requests: Scenario['requests']): number =>
  requests(POST).filter(({ status }) => status === 404 || status === 403).length

const stillRuns = ({ bot }: Scenario) => [bot.running && 'the bot still runs']
const ended = ({ bot }: Scenario) => [!bot.running && 'the bot has ended']

/** The tool ends, and tries that go on come after 0, 0.5 and 1.5 s. */
const THREE_TRIES_MS = 3000

/** Slow enough that something can happen in its middle. */
const SLOW = 'tool'

export const REST_ROWS: readonly FaultRow[] = [
  limited('user'),
  limited('global', true),
  limited('shared'),
  ...[500, 503].map((status): FaultRow => ({
    name: `${status} three times for a post: posted in the end`,
    kind: 'a post is not answered',
    scenario: meetsOne({ kind: 'status', status }, 3),
    red: { without: 'post-again', shows: /not answered/ },
  })),
  {
    name: 'the line is reset before a post was taken: posted again',
    kind: 'a post is not answered',
    scenario: meetsOne({ kind: 'reset-before' }, 3),
    red: { without: 'post-again', shows: /not answered/ },
  },
  ...(
    [
      ['the line is reset after a post was taken', { kind: 'reset-after' }],
      ['the answer to a post is cut short', { kind: 'truncate' }],
      ['a post is taken, and never answered', { kind: 'hang', commit: true }],
    ] as const
  ).map(([name, effect]): FaultRow => ({
    name: `${name}: it stands once`,
    kind: 'a post is not answered',
    scenario: meets(POST, effect, 2),
    red: { without: 'nonce-and-look-back', shows: /doubled/, happens: true },
  })),
  {
    name: 'a post is not taken, and never answered: posted again',
    kind: 'a post is not answered',
    scenario: meets(POST, { kind: 'hang', commit: false }),
    red: { without: 'own-time-out', shows: /lost/ },
  },
  {
    name: 'a 401 that is not real: Discord is asked, and the bot goes on',
    kind: 'a post is not answered',
    scenario: meets(POST, refusal(401, 0, '401: Unauthorized')),
    amiss: ended,
    red: { without: 'ask-again-after-401', shows: /ended/, happens: true },
  },
  {
    name: 'opening a thread fails three times: opened in the end',
    kind: 'the thread cannot be opened',
    scenario: meets(THREAD, { kind: 'status', status: 503 }, 3),
    red: { without: 'thread-again', shows: /not answered/ },
  },
  {
    name: 'opening a thread is refused: told in the channel',
    kind: 'the thread cannot be opened',
    scenario({ harness, ask }) {
      harness.emulator.faults.add({ route: THREAD, effect: refusal(403, 50_013, 'Missing Permissions') })
      ask('a new one')
    },
    told: 'elsewhere',
    amiss: ({ told }) => [!told().some((text) => text.startsWith('✗ Discord refused to open a thread')) && 'not told'],
    red: { without: 'told-in-channel', shows: /not told/ },
  },
  ...(
    [
      ['is invalid (50035)', 400, 50_035, 'Invalid Form Body'],
      ['is blocked by AutoMod (200000)', 400, 200_000, 'Message was blocked by automatic moderation'],
      ['is blocked by AutoMod (200001)', 400, 200_001, 'Title was blocked by automatic moderation'],
    ] as const
  ).map(([what, status, code, message]): FaultRow => ({
    name: `a text ${what}: it comes as a file`,
    kind: 'a text is refused',
    scenario({ harness, ask, thread }) {
      harness.emulator.faults.add({ route: POST, effect: refusal(status, code, message) })
      ask('follow up', thread)
    },
    amiss: hidden(/as a file[^]*Answer to/),
    red: { without: 'refused-text-comes-otherwise', shows: /not answered/ },
  })),
  {
    name: 'a text is refused as a file too: one line says so',
    kind: 'a text is refused',
    scenario({ harness, thread, ask }) {
      harness.emulator.faults.add({ route: POST, times: 2, effect: refusal(400, 50_035, 'Invalid Form Body') })
      ask('follow up', thread)
    },
    told: true,
    amiss: hidden(/^✗ Discord refused a part/),
    red: { without: 'refused-text-comes-otherwise', shows: /nothing like/ },
  },
  ...(
    [
      ['hang', { kind: 'hang', commit: false }],
      ['fail', { kind: 'status', status: 500 }],
      ['meet a limit', limit('user')],
    ] as const
  ).map(([what, effect]): FaultRow => ({
    name: `typing, renames and adding members ${what}: no answer waits for them`,
    kind: 'what no answer needs fails',
    scenario({ harness, ask, thread }) {
      for (const route of COSMETICS) harness.emulator.faults.add({ route, times: FOREVER, effect })
      ask('follow up', thread)
      ask('a new one, with a long enough title')
    },
    red: { without: 'cosmetics-aside', shows: /not answered/ },
  })),
  {
    name: 'a thread is deleted in the middle of a run: told in its channel, once',
    kind: 'the thread is gone',
    async scenario({ harness, ask, thread, until }) {
      ask(SLOW, thread)
      await until(() => harness.said(thread).find((text) => /Working on|ran/.test(text)))
      harness.guild.deleteChannel(thread)
    },
    amiss: ({ told }) => {
      const times = told().filter((text) => /^✗ the thread .* is gone/.test(text)).length
      return [times !== 1 && `told ${times} times`]
    },
    told: 'elsewhere',
    red: { without: 'told-in-channel', shows: /told 0 times/ },
  },
  {
    name: 'a channel is deleted in the middle of a run: it is left alone, and the bot goes on',
    kind: 'the thread is gone',
    async scenario({ harness, ask, requests, until, lacks }) {
      const now = Date.now()
      const { channelId } = await harness.project(`doomed-${now}`)
      const { id } = harness.owner.send(channelId, `tool #m${now}`)
      // Its server starts first, which takes as long as it takes.
      await harness.untilSaid(id, /Working on/)
      harness.guild.deleteChannel(channelId)
      ask('elsewhere')
      await until(() => (gone(requests) > 2 ? true : undefined), lacks ? undefined : THREE_TRIES_MS)
    },
    amiss: askedOfTheGone,
    red: { without: 'gone-is-over', shows: /asked of what is gone/, happens: true },
  },
  {
    name: 'a 401 that is real: the bot ends, in words, with 64',
    kind: 'no bot runs',
    async scenario({ harness, thread, bot, until }) {
      harness.emulator.faults.add({ route: '*', times: FOREVER, effect: refusal(401, 0, '401: Unauthorized') })
      harness.owner.send(thread, 'follow up')
      await until(() => (bot.running ? undefined : true), 4000)
    },
    amiss: (scenario) => [
      ...stillRuns(scenario),
      !/kimaki: Discord does not accept the bot token/.test(scenario.bot.stderr()) && 'no word',
    ],
    told: true,
    ends: true,
    red: { without: 'believe-401', shows: /still runs/ },
  },
]

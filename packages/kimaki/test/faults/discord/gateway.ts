/** What can go wrong with the gateway. */
import { limit } from './rest.ts'
import type { FaultRow, Scenario } from './row.ts'

const bot = ({ harness }: Scenario): string => harness.application.id

/** One message to the known thread and one that begins a new one. */
function both({ ask, thread }: Scenario): void {
  ask('follow up', thread)
  ask('a new one')
}

const resumed = ({ steps }: Scenario): readonly (string | false)[] => [
  !steps().includes('resumed') && 'the session was not resumed',
  steps().includes('identify') && 'a new session was asked for',
]

const begunAnew = ({ steps }: Scenario): readonly (string | false)[] => [
  !steps().includes('identify') && 'no new session was begun',
]

const drop = (name: string, cut: (scenario: Scenario) => void): FaultRow => ({
  name: `${name}: the session is resumed`,
  kind: 'the line to the gateway is down',
  scenario(scenario) {
    cut(scenario)
    both(scenario)
  },
  amiss: resumed,
  red: { without: 'resume-and-catch-up', shows: /lost|not resumed/ },
})

const connectionsAsked = ({ requests }: Scenario): number => requests('GET /gateway/bot').length

/** More connections than this in five seconds is a tight loop. */
const CONNECTIONS_ALLOWED = 8
const OUTAGE_MS = 1500

export const GATEWAY_ROWS: readonly FaultRow[] = [
  drop('the line is cut', (scenario) => scenario.harness.emulator.gateway.cut(bot(scenario))),
  drop('Discord asks to reconnect (op 7)', (scenario) => scenario.harness.emulator.gateway.reconnect(bot(scenario))),
  drop('the gateway closes with 4000', (scenario) => scenario.harness.emulator.gateway.close(bot(scenario), 4000)),
  drop('the gateway closes with 1001', (scenario) => scenario.harness.emulator.gateway.close(bot(scenario), 1001)),
  {
    name: 'the bot is killed: the session is resumed by the next one',
    kind: 'no bot runs',
    scenario: async (scenario) => scenario.restart(() => both(scenario)),
    amiss: resumed,
    red: { without: 'resume-and-catch-up', shows: /lost/ },
  },
  {
    name: 'heartbeats are not answered: the line is given up',
    kind: 'the gateway tells nothing',
    async scenario(scenario) {
      const { gateway } = scenario.harness.emulator
      gateway.muteHeartbeats(bot(scenario), true)
      await scenario.until(() => scenario.steps().includes('resumed') || undefined)
      gateway.muteHeartbeats(bot(scenario), false)
      both(scenario)
    },
    amiss: resumed,
    red: { without: 'heartbeat-check', shows: /not resumed/ },
  },
  {
    name: 'the line is half open: it is given up',
    kind: 'the gateway tells nothing',
    scenario(scenario) {
      scenario.harness.emulator.gateway.freeze(bot(scenario))
      both(scenario)
    },
    amiss: resumed,
    red: { without: 'heartbeat-check', shows: /lost/ },
  },
  {
    name: 'a RESUME is never answered: a new session is begun',
    kind: 'the line to the gateway is down',
    async scenario(scenario) {
      const { gateway, journal } = scenario.harness.emulator
      const leave = journal.onEntry(
        (entry) => entry.kind === 'gateway' && entry.what === 'resume' && gateway.freeze(bot(scenario)),
      )
      gateway.cut(bot(scenario))
      both(scenario)
      await scenario.until(() => scenario.steps().includes('identify') || undefined)
      leave()
    },
    amiss: begunAnew,
    red: { without: 'resume-watchdog', shows: /no new session/ },
  },
  {
    name: 'the session is invalid (op 9): what was written is read',
    kind: 'the past is being read',
    scenario(scenario) {
      scenario.harness.emulator.gateway.expire(bot(scenario))
      scenario.harness.emulator.gateway.cut(bot(scenario))
      both(scenario)
    },
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'the session is gone when the bot comes back: what was written is read',
    kind: 'no bot runs',
    scenario: async (scenario) =>
      scenario.restart(() => {
        scenario.harness.emulator.gateway.expire(bot(scenario))
        both(scenario)
      }),
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'messages come live while their thread is still being read: they wait',
    kind: 'the past is being read',
    async scenario(scenario) {
      const { gateway, faults } = scenario.harness.emulator
      for (const route of ['GET /channels/:channel/messages', 'GET /guilds/:guild/threads/active'])
        faults.add({ route, times: 3, effect: { kind: 'latency', ms: 400 } })
      gateway.expire(bot(scenario))
      gateway.cut(bot(scenario))
      scenario.ask('missed', scenario.thread)
      await scenario.until(() => scenario.steps().includes('identify') || undefined)
      scenario.ask('live', scenario.thread)
    },
    amiss: begunAnew,
    red: { without: 'hold-behind-catch-up', shows: /lost|disordered/ },
  },
  {
    name: 'the gateway refuses for a while: tried again with growing pauses',
    kind: 'the line to the gateway is down',
    async scenario(scenario) {
      const { gateway } = scenario.harness.emulator
      gateway.refuse(true)
      gateway.cut(bot(scenario))
      both(scenario)
      // Without a safeguard: for as long as it takes to be seen, which on a busy machine is longer.
      await scenario.until(
        () => connectionsAsked(scenario) > CONNECTIONS_ALLOWED + 1 || undefined,
        scenario.lacks ? undefined : OUTAGE_MS,
      )
      gateway.refuse(false)
    },
    amiss: (scenario) => {
      const asked = connectionsAsked(scenario)
      return [asked > CONNECTIONS_ALLOWED && `the gateway was asked ${asked} times in ${OUTAGE_MS} ms`]
    },
    red: { without: 'back-off', shows: /was asked \d{2,} times/, happens: true },
  },
  ...(
    [
      ['fails (503)', { kind: 'status', status: 503 }],
      ['meets a limit', limit('user')],
      ['is answered with a page', { kind: 'status', status: 200, body: '<html>' }],
      ['is answered with nothing of use', { kind: 'status', status: 200, body: {} }],
      ['is never answered', { kind: 'hang', commit: false }],
      ['is reset', { kind: 'reset-before' }],
    ] as const
  ).map(([what, effect]): FaultRow => ({
    name: `at the start the gateway's address ${what}: asked for again`,
    kind: 'the line to the gateway is down',
    scenario: async (scenario) => {
      await scenario.restart(() => {
        const { gateway, faults } = scenario.harness.emulator
        gateway.expire(bot(scenario))
        faults.add({ route: 'GET /gateway/bot', times: 2, effect })
      })
      both(scenario)
    },
    amiss: begunAnew,
    red: { without: what === 'meets a limit' ? 'rate-limit-end' : 'persistent-start', shows: /lost/ },
  })),
  {
    name: 'at the start all of Discord is down: tried until it is back',
    kind: 'the line to the gateway is down',
    async scenario(scenario) {
      const { faults } = scenario.harness.emulator
      await scenario.restart(() => {
        const down = faults.add({ route: '*', times: Number.POSITIVE_INFINITY, effect: { kind: 'status', status: 503 } })
        // A busy machine starts the bot when it likes: the outage ends so long after it was met.
        const met = scenario.until(() => (down.hits > 0 ? true : undefined))
        void met.then(() => setTimeout(() => down.clear(), OUTAGE_MS))
      })
      both(scenario)
    },
    red: { without: 'persistent-start', shows: /lost/ },
  },
  ...([4004, 4013, 4014] as const).map((code): FaultRow => ({
    name: `the gateway closes with ${code}: the bot ends, in words, with 64`,
    kind: 'no bot runs',
    async scenario(scenario) {
      scenario.harness.emulator.gateway.close(bot(scenario), code)
      await Promise.race([scenario.bot.exited, scenario.until(() => undefined)])
    },
    amiss: (scenario) => [
      scenario.bot.running && 'the bot still runs',
      scenario.exitCode() !== 64 && 'not with 64',
      !/^kimaki: .+\. .+/m.test(scenario.bot.stderr()) && 'no words',
    ],
    ends: true,
    red: { without: 'fatal-ends', shows: /still runs/ },
  })),
]

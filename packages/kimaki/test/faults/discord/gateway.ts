/** What can go wrong with the gateway. */
import { limit } from './rest.ts'
import type { FaultRow, Scene } from './row.ts'

const bot = ({ harness }: Scene): string => harness.application.id

/** One message to the known thread and one that begins a new one. */
function both({ ask, thread }: Scene): void {
  ask('follow up', thread)
  ask('a new one')
}

const resumed = ({ steps }: Scene): readonly (string | false)[] => [
  !steps().includes('resumed') && 'the session was not resumed',
  steps().includes('identify') && 'a new session was asked for',
]

const begunAnew = ({ steps }: Scene): readonly (string | false)[] => [!steps().includes('identify') && 'no new session was begun']

const drop = (name: string, cut: (scene: Scene) => void): FaultRow => ({
  name: `${name}: the session is resumed`,
  scene(scene) {
    cut(scene)
    both(scene)
  },
  amiss: resumed,
  red: { without: 'resume-and-catch-up', shows: /lost|not resumed/ },
})

/** More connections than this in five seconds is a tight loop. */
const CONNECTIONS_ALLOWED = 8
const OUTAGE_MS = 3000

export const GATEWAY_ROWS: readonly FaultRow[] = [
  drop('the line is cut', (scene) => scene.harness.emulator.gateway.cut(bot(scene))),
  drop('Discord asks to reconnect (op 7)', (scene) => scene.harness.emulator.gateway.reconnect(bot(scene))),
  drop('the gateway closes with 4000', (scene) => scene.harness.emulator.gateway.close(bot(scene), 4000)),
  drop('the gateway closes with 1001', (scene) => scene.harness.emulator.gateway.close(bot(scene), 1001)),
  {
    name: 'the bot is killed: the session is resumed by the next one',
    scene: async (scene) => scene.restart(() => both(scene)),
    amiss: resumed,
    red: { without: 'resume-and-catch-up', shows: /lost/ },
  },
  {
    name: 'heartbeats are not answered: the line is given up',
    async scene(scene) {
      const { gateway } = scene.harness.emulator
      gateway.muteHeartbeats(bot(scene), true)
      await scene.until(() => scene.steps().includes('resumed') || undefined)
      gateway.muteHeartbeats(bot(scene), false)
      both(scene)
    },
    amiss: resumed,
    red: { without: 'heartbeat-check', shows: /not resumed/ },
  },
  {
    name: 'the line is half open: it is given up',
    scene(scene) {
      scene.harness.emulator.gateway.freeze(bot(scene))
      both(scene)
    },
    amiss: resumed,
    red: { without: 'heartbeat-check', shows: /lost/ },
  },
  {
    name: 'a RESUME is never answered: a new session is begun',
    async scene(scene) {
      const { gateway, journal } = scene.harness.emulator
      const leave = journal.onEntry((entry) => entry.kind === 'gateway' && entry.what === 'resume' && gateway.freeze(bot(scene)))
      gateway.cut(bot(scene))
      both(scene)
      await scene.until(() => scene.steps().includes('identify') || undefined)
      leave()
    },
    amiss: begunAnew,
    red: { without: 'resume-watchdog', shows: /no new session/ },
  },
  {
    name: 'the session is invalid (op 9): what was written is read',
    scene(scene) {
      scene.harness.emulator.gateway.expire(bot(scene))
      scene.harness.emulator.gateway.cut(bot(scene))
      both(scene)
    },
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'the session is gone when the bot comes back: what was written is read',
    scene: async (scene) =>
      scene.restart(() => {
        scene.harness.emulator.gateway.expire(bot(scene))
        both(scene)
      }),
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'messages come live while their thread is still being read: they wait',
    async scene(scene) {
      const { gateway, faults } = scene.harness.emulator
      for (const route of ['GET /channels/:channel/messages', 'GET /guilds/:guild/threads/active'])
        faults.add({ route, times: 3, effect: { kind: 'latency', ms: 400 } })
      gateway.expire(bot(scene))
      gateway.cut(bot(scene))
      scene.ask('missed', scene.thread)
      await scene.until(() => scene.steps().includes('identify') || undefined)
      scene.ask('live', scene.thread)
    },
    amiss: begunAnew,
    red: { without: 'hold-behind-catch-up', shows: /lost|disordered/ },
  },
  {
    name: 'the gateway refuses for a while: tried again with growing pauses',
    async scene(scene) {
      const { gateway } = scene.harness.emulator
      gateway.refuse(true)
      gateway.cut(bot(scene))
      both(scene)
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS))
      gateway.refuse(false)
    },
    amiss: (scene) => {
      const asked = scene.requests('GET /gateway/bot').length
      return [asked > CONNECTIONS_ALLOWED && `the gateway was asked ${asked} times in ${OUTAGE_MS} ms`]
    },
    red: { without: 'back-off', shows: /was asked \d{2,} times/ },
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
    scene: async (scene) => {
      await scene.restart(() => {
        const { gateway, faults } = scene.harness.emulator
        gateway.expire(bot(scene))
        faults.add({ route: 'GET /gateway/bot', times: 2, effect })
      })
      both(scene)
    },
    amiss: begunAnew,
    red: { without: what === 'meets a limit' ? 'rate-limit-end' : 'persistent-start', shows: /lost/ },
  })),
  {
    name: 'at the start all of Discord is down: tried until it is back',
    async scene(scene) {
      const { faults } = scene.harness.emulator
      await scene.restart(() => {
        const down = faults.add({ route: '*', times: Number.POSITIVE_INFINITY, effect: { kind: 'status', status: 503 } })
        setTimeout(() => down.clear(), OUTAGE_MS)
      })
      both(scene)
    },
    red: { without: 'persistent-start', shows: /lost/ },
  },
  ...([4004, 4013, 4014] as const).map((code): FaultRow => ({
    name: `the gateway closes with ${code}: the bot ends, in words, with 64`,
    async scene(scene) {
      scene.harness.emulator.gateway.close(bot(scene), code)
      await Promise.race([scene.bot.exited, scene.until(() => undefined)])
    },
    amiss: (scene) => [
      scene.bot.running && 'the bot still runs',
      scene.exitCode() !== 64 && 'not with 64',
      !/^kimaki: .+\. .+/m.test(scene.bot.stderr()) && 'no words',
    ],
    red: { without: 'fatal-ends', shows: /still runs/ },
  })),
]

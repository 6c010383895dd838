/** What can go wrong with the gateway. */
import type { FaultRow, Scene } from './row.ts'

const bot = ({ house }: Scene): string => house.application.id

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
  drop('the line is cut', (scene) => scene.house.emulator.gateway.cut(bot(scene))),
  drop('Discord asks to reconnect (op 7)', (scene) => scene.house.emulator.gateway.reconnect(bot(scene))),
  drop('the gateway closes with 4000', (scene) => scene.house.emulator.gateway.close(bot(scene), 4000)),
  drop('the gateway closes with 1001', (scene) => scene.house.emulator.gateway.close(bot(scene), 1001)),
  {
    name: 'the bot is killed: the session is resumed by the next one',
    scene: async (scene) => scene.restart(() => both(scene)),
    amiss: resumed,
    red: { without: 'resume-and-catch-up', shows: /lost/ },
  },
  {
    name: 'heartbeats are not answered: the line is given up',
    async scene(scene) {
      const { gateway } = scene.house.emulator
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
      scene.house.emulator.gateway.freeze(bot(scene))
      both(scene)
    },
    amiss: resumed,
    red: { without: 'heartbeat-check', shows: /lost/ },
  },
  {
    name: 'a RESUME is never answered: a new session is begun',
    async scene(scene) {
      const { gateway, journal } = scene.house.emulator
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
      scene.house.emulator.gateway.expire(bot(scene))
      scene.house.emulator.gateway.cut(bot(scene))
      both(scene)
    },
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'the session is gone when the bot comes back: what was written is read',
    scene: async (scene) =>
      scene.restart(() => {
        scene.house.emulator.gateway.expire(bot(scene))
        both(scene)
      }),
    amiss: begunAnew,
    red: { without: 'catch-up', shows: /lost/ },
  },
  {
    name: 'messages come live while their thread is still being read: they wait',
    async scene(scene) {
      const { gateway, faults } = scene.house.emulator
      const reading = Promise.withResolvers<void>()
      faults.add({
        route: 'GET /channels/:channel/messages',
        times: 3,
        effect: { kind: 'latency', ms: 400 },
        onHit: reading.resolve,
      })
      gateway.expire(bot(scene))
      gateway.cut(bot(scene))
      scene.ask('missed', scene.thread)
      await scene.until(() => scene.steps().includes('identify') || undefined)
      await Promise.race([reading.promise, scene.until(() => undefined)])
      scene.ask('live', scene.thread)
    },
    amiss: begunAnew,
    red: { without: 'hold-behind-catch-up', shows: /out of order|disordered/ },
  },
  {
    name: 'the gateway refuses for a while: tried again with growing pauses',
    async scene(scene) {
      const { gateway } = scene.house.emulator
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
]

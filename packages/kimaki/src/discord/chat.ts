/** Discord as a `ChatPort`: puts the parts of this room together. The table of contents is `createChat`; each part is a file. */
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { ChatEvent, ChatFatal, ChatPort, ChatReady, GatewayPosition, IdentifyRecords, StartOptions } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import { createArrival } from './gateway/ready-barrier.ts'
import { createCache } from './inbound/cache.ts'
import { createCatchUp } from './inbound/history.ts'
import { startClient, type Client, type ClientOptions } from './gateway/client.ts'
import { stoppedEarly, wrongToken } from './gateway/fatal.ts'
import { DISCORD_CDN, downloadAttachment } from './outbound/files.ts'
import { fetchIdentity } from './gateway/identity.ts'
import { createIdentifyBudget, type IdentifyBudget } from './gateway/identify-budget.ts'
import { accessFacts } from './inbound/incoming.ts'
import { createIngest, type IngestOptions } from './inbound/ingest.ts'
import { layout } from './layout/layout.ts'
import { acknowledge, refuse } from './inbound/interactions.ts'
import { createLookups } from './inbound/fetch-missing.ts'
import { createMembers } from './inbound/members.ts'
import { createPersist } from './gateway/retry-forever.ts'
import { editMessage, ownMessagesAfter, postMessage } from './outbound/post.ts'
import { createRest, type RestOptions } from './rest/rest.ts'
import { createCosmetic, openThread, startThread } from './outbound/threads.ts'

export interface ChatOptions {
  readonly token: string
  /** REST base that ends in `/api`. */
  readonly apiUrl?: string
  readonly log: Log
  readonly identifies: IdentifyRecords
  /** Origins attachments may come from; default: Discord's CDN, and that of an `apiUrl` which is not Discord's. */
  readonly cdnOrigins?: readonly string[]
  readonly parts?: ChatParts
}

/** What a composition may replace: how tests make waits short, or take one safeguard away. */
export interface ChatParts {
  readonly rest?: Pick<RestOptions, 'timeout' | 'pause'>
  readonly client?: Pick<ClientOptions, 'resumePatience' | 'pauseAfter' | 'connect'>
  readonly ingest?: Pick<IngestOptions, 'stillNewMs'>
  readonly budget?: IdentifyBudget
  readonly persist?: typeof createPersist
  /** Is a 401 true? Default: Discord is asked who we are. */
  readonly isRefused?: () => Promise<boolean>
}

const notKnownYet = { kind: 'unknown', message: 'not connected yet' } as const
const DISCORD_API = 'https://discord.com/api'

export function createChat(options: ChatOptions): ChatPort {
  const { token, log, apiUrl = DISCORD_API, parts = {} } = options
  const origins = options.cdnOrigins ?? (apiUrl === DISCORD_API ? DISCORD_CDN : [...DISCORD_CDN, new URL(apiUrl).origin])
  const rest = createRest({ token, apiUrl, log, onUnauthorized: () => void verifyToken(), ...parts.rest })
  const cache = createCache()
  const lookups = createLookups(rest, cache)
  const members = createMembers(rest)
  const arrival = createArrival()
  const started = Promise.withResolvers<ChatReady | ChatFatal>()
  const persist = (parts.persist ?? createPersist)(rest, { apiUrl, log, started: () => ready })
  const budget = parts.budget ?? createIdentifyBudget({ memory: options.identifies, log })
  let heard: StartOptions | undefined
  let self: ChatReady | undefined
  let client: Client | undefined
  let ready = false
  let fatal: ChatFatal | undefined
  let verifying = false

  const botUserId = () => self?.botUserId ?? ''
  const isProjectChannel = (channelId: string) => heard?.isProjectChannel(channelId) ?? false
  const catchUp = createCatchUp({
    rest,
    cache,
    lookups,
    members,
    log,
    botUserId,
    isProjectChannel,
    guildsArrived: () => arrival.complete(),
  })
  const ingest = createIngest({
    cache,
    lookups,
    members,
    log,
    stopping: rest.stopping,
    botUserId,
    isProjectChannel,
    deliver,
    ...parts.ingest,
  })

  async function begin(position: GatewayPosition | undefined): Promise<void> {
    if (position) {
      const identity = await fetchIdentity(persist, rest)
      if (!identity) return
      if (identity.kind === 'fatal') return die(identity)
      self = identity
    }
    if (rest.stopping.aborted || fatal) return
    client = startClient({ token, log, persist, budget, position, onDispatch, onFatal: die, ...parts.client })
    await arrival.complete()
    if (!self || rest.stopping.aborted || fatal) return
    ready = true
    started.resolve(self)
  }

  function onDispatch(dispatch: GatewayDispatchPayload, position: GatewayPosition, replayed: boolean): void {
    if (dispatch.t === GatewayDispatchEvents.Ready) {
      const { user, application, guilds } = dispatch.d
      self = {
        kind: 'ready',
        botUserId: user.id,
        applicationId: application.id,
        guildIds: guilds.map((guild) => guild.id),
      }
    }
    ingest.push(dispatch, position, replayed)
    arrival.see(dispatch)
  }

  function deliver(event: ChatEvent): void {
    try {
      heard?.onEvent(event)
    } catch (error) {
      log.error('an event of Discord was not taken', { kind: event.kind, error: String(error) })
    }
  }

  /** A 401 may come from a proxy in between; only when Discord repeats it is the token wrong. */
  async function verifyToken(): Promise<void> {
    if (verifying || fatal) return
    verifying = true
    const refused = await (parts.isRefused ?? askWhoWeAre)()
    verifying = false
    if (refused) die(wrongToken)
  }

  async function askWhoWeAre(): Promise<boolean> {
    const answer = await rest.call({ method: 'GET', route: '/users/@me' })
    return !answer.ok && answer.status === 401
  }

  function die(reason: ChatFatal): void {
    if (fatal || rest.stopping.aborted) return
    fatal = reason
    void client?.stop()
    if (ready) heard?.onFatal(reason)
    else started.resolve(reason)
  }

  return {
    start(startOptions) {
      heard = startOptions
      void begin(startOptions.position)
      return started.promise
    },
    newestIn: catchUp.newestIn,
    readAfter: catchUp.readAfter,
    threadsSince: catchUp.threadsSince,
    async accessOf(guildId, userId) {
      const guild = await lookups.guild(guildId)
      if (!guild.ok) return guild
      const member = await members.fresh(guildId, userId)
      if (!member.ok) return member
      return { ok: true, value: accessFacts(guild.value, userId, member.value?.isBot ?? false, member.value) }
    },
    openThread: (channelId, messageId, name) => openThread(rest, channelId, messageId, name),
    startThread: (channelId, name) => startThread(rest, channelId, name),
    async ownThreadsAfter(channelId, afterId) {
      if (!self) return { ok: false, failure: rest.stopping.aborted ? { kind: 'stopped' } : notKnownYet }
      return catchUp.ownThreadsAfter(channelId, afterId)
    },
    post: (channelId, message, nonce) => postMessage(rest, channelId, message, nonce),
    edit: (channelId, messageId, face) => editMessage(rest, channelId, messageId, face),
    acknowledge: (press) => acknowledge(rest, press),
    refuse: (press, text) => refuse(rest, press, text),
    async ownMessagesAfter(channelId, afterId) {
      // What an earlier process left is looked for before we are connected: without a name of our own nothing would be ours.
      if (!self) return { ok: false, failure: rest.stopping.aborted ? { kind: 'stopped' } : notKnownYet }
      return ownMessagesAfter(rest, { channelId, botUserId: self.botUserId, afterId })
    },
    download: (channelId, messageId, attachment, limitBytes) =>
      downloadAttachment(rest, origins, { channelId, messageId, attachment, limitBytes }),
    cosmetic: createCosmetic(rest, log),
    layout,
    async stop() {
      rest.stop()
      arrival.stop()
      await client?.stop()
      started.resolve(stoppedEarly)
    },
  }
}

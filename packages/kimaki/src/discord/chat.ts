/** Discord as a `ChatPort`: a table of contents. Each part is a file, and each part is made from those above it. */
import { randomBytes } from 'node:crypto'
import { Secrets } from '../base/redact.ts'
import type { Budgets } from '../domain/conversation/inquiry/status-report.ts'
import type { ChatPort, IdentifyRecords } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import { IdentifyBudget } from './gateway/identify-budget.ts'
import { Identity } from './gateway/identity.ts'
import { Lifecycle, type LifecycleOptions } from './gateway/lifecycle.ts'
import type { Peer } from './gateway/peer.ts'
import { ReadyBarrier } from './gateway/ready-barrier.ts'
import { accessOf } from './inbound/access.ts'
import { createCache } from './inbound/cache.ts'
import { createFetchMissing } from './inbound/fetch-missing.ts'
import { newestIn, readAfter, type HistoryOptions } from './inbound/history.ts'
import { Ingest, type IngestOptions } from './inbound/ingest.ts'
import { inspect } from './inspect.ts'
import { Listener } from './inbound/listener.ts'
import { Members } from './inbound/members.ts'
import { threadStarter } from './inbound/starter.ts'
import { ownThreadsAfter, threadsSince } from './inbound/thread-list.ts'
import { layout } from './layout/layout.ts'
import { readApplication } from './outbound/application.ts'
import { createAnswers } from './outbound/answers.ts'
import { createChannels } from './outbound/channels.ts'
import { registerCommands, removeGlobalCommands } from './outbound/commands.ts'
import { createCosmetic } from './outbound/cosmetic.ts'
import { fileLimit } from './outbound/attach.ts'
import { DISCORD_CDN, downloadAttachment } from './outbound/files.ts'
import { Marks } from './outbound/mark.ts'
import { editMessage, ownMessagesAfter, pinMessage, postMessage } from './outbound/post.ts'
import { openThread, startThread } from './outbound/threads.ts'
import { Rest, type RestOptions } from './rest/rest.ts'

export interface ChatOptions {
  readonly token: string
  /** REST base that ends in `/api`. */
  readonly apiUrl?: string
  readonly log: Log
  /** Nothing of them reaches Discord; the token is one of them. */
  readonly secrets?: Secrets
  readonly identifies: IdentifyRecords
  /** Left out where Discord itself is at the other end. */
  readonly peer?: Peer | undefined
  /** Every member of a server may speak, but for those with a role that blocks; default: not. */
  readonly isOpen?: boolean
  /** Messages in threads are told, too, of people who may be let in for one message; default: not. */
  readonly hearsGuests?: boolean
  /** Origins attachments may come from; default: Discord's CDN, and that of an `apiUrl` which is not Discord's. */
  readonly cdnOrigins?: readonly string[]
  readonly overrides?: ChatOverrides
}

/** What a composition may replace: how tests make waits short, or take one safeguard away. */
export interface ChatOverrides extends Pick<LifecycleOptions, 'client' | 'watch' | 'createRetryForever' | 'isRefused'> {
  readonly rest?: Pick<RestOptions, 'timeout' | 'pause'>
  readonly ingest?: Pick<IngestOptions, 'stillNewMs'>
}

const DISCORD_API = 'https://discord.com/api'

type Allowing = {
  /** What Discord still allows. Throws where the record of gateway sessions cannot be read. */
  readonly budgets: () => Promise<Budgets>
}

export function createChat(options: ChatOptions): ChatPort & Allowing {
  const {
    token,
    log,
    apiUrl = DISCORD_API,
    identifies,
    secrets = new Secrets(),
    hearsGuests = false,
    isOpen = false,
    overrides = {},
  } = options
  const origins = options.cdnOrigins ?? (apiUrl === DISCORD_API ? DISCORD_CDN : [...DISCORD_CDN, new URL(apiUrl).origin])
  secrets.add(token)
  const rest = new Rest({ token, apiUrl, log, secrets, ...overrides.rest })
  const { stopping } = rest
  const cache = createCache(isOpen)
  const facts = createFetchMissing(rest, cache)
  const members = new Members(rest)

  const identity = new Identity(rest)
  const { botUserId } = identity
  const barrier = new ReadyBarrier()
  const listener = new Listener(log)
  const { isProjectChannel, onEvent, onFatal } = listener

  const marks = new Marks(token)
  const past = { marks, rest, cache, facts, members, log, botUserId, isProjectChannel, guildsArrived: barrier.opened }
  const posting = { rest, writer: randomBytes(6).toString('base64url') }
  const judging = { marks, cache, facts, members, log, stopping, botUserId, isProjectChannel, secrets, hearsGuests }
  const ingest = new Ingest({ ...judging, onEvent, ...overrides.ingest })
  const budget = new IdentifyBudget({ records: identifies, log })
  const onDispatch: LifecycleOptions['onDispatch'] = (...dispatched) => ingest.push(...dispatched)
  const lifecycle = new Lifecycle({
    ...overrides,
    token,
    apiUrl,
    log,
    rest,
    identity,
    barrier,
    budget,
    isProjectChannel,
    onDispatch,
    onFatal,
    peer: options.peer,
  })

  return {
    start(startOptions) {
      listener.attach(startOptions)
      return lifecycle.start(startOptions.position)
    },
    stop: () => lifecycle.stop(),
    line: () => lifecycle.line(),
    budgets: async () => ({ ...rest.budgets(), identifies: await budget.left() }),

    ...readingOf(past),

    post: (channelId, message, nonce) => postMessage(posting, channelId, message, nonce),
    edit: (channelId, messageId, content) => editMessage(rest, channelId, messageId, content),
    pin: (channelId, messageId) => pinMessage(rest, channelId, messageId),
    async ownMessagesAfter(channelId, afterId) {
      const { self } = identity
      return self instanceof Error ? self : ownMessagesAfter(posting, { channelId, afterId, botUserId: self.botUserId })
    },
    ...threadsOf(past, identity),

    application: () => readApplication(rest),
    channels: createChannels(rest),
    ...createAnswers(rest),
    ...registering(rest, identity, options.peer),

    download: (channelId, messageId, attachment, limitBytes) =>
      downloadAttachment(rest, origins, { channelId, messageId, attachment, limitBytes }),
    fileLimit: (guildId) => fileLimit(cache.guild(guildId)?.boosts ?? 0),
    cosmetic: createCosmetic(rest, log, (id) => cache.channel(id)?.name),
    layout,
    clean: (text) => secrets.clean(text),
  }
}

type Threads = Pick<ChatPort, 'openThread' | 'startThread' | 'ownThreadsAfter'>

const threadsOf = (past: HistoryOptions, identity: Identity): Threads => ({
  openThread: (channelId, messageId, name) =>
    openThread(past.rest, { channelId, messageId, name, botUserId: identity.botUserId() }),
  startThread: (channelId, name) => startThread(past.rest, channelId, name),
  async ownThreadsAfter(channelId, afterId) {
    const { self } = identity
    return self instanceof Error ? self : ownThreadsAfter(past, { channelId, afterId, botUserId: self.botUserId })
  },
})

type Reading = Pick<ChatPort, 'inspect' | 'newestIn' | 'readAfter' | 'threadsSince' | 'threadStarter' | 'accessOf'>

const readingOf = (past: HistoryOptions): Reading => ({
  inspect: (channelId) => inspect(past, channelId),
  newestIn: (channelId) => newestIn(past.rest, channelId),
  readAfter: (channelId, afterId) => readAfter(past, channelId, afterId),
  threadsSince: (channelIds, sinceId) => threadsSince(past, channelIds, sinceId),
  threadStarter: (channelId, threadId) => threadStarter(past, channelId, threadId),
  accessOf: (guildId, userId) => accessOf(past, guildId, userId),
})

const registering = (
  rest: Rest,
  identity: Identity,
  peer: Peer | undefined,
): Pick<ChatPort, 'registerCommands' | 'removeGlobalCommands'> => ({
  async registerCommands(guildId, commands, own) {
    const applicationId = await identity.applicationId()
    return applicationId instanceof Error ? applicationId : registerCommands(rest, { applicationId, guildId }, commands, own)
  },
  async removeGlobalCommands(names) {
    // The application, and what it has once for all servers, is not this bot's.
    if (peer) return undefined
    const applicationId = await identity.applicationId()
    return applicationId instanceof Error ? applicationId : removeGlobalCommands(rest, applicationId, names)
  },
})

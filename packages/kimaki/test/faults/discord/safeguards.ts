/** Safeguards against Discord's faults, each as the composition that lacks it. */
import { ChatGone, ChatRefused, ChatUnknown } from '../../../src/base/errors.ts'
import { sleep } from '../../../src/base/sleep.ts'
import type { Config } from '../../../src/cli/config.ts'
import type { Decorations } from '../../../src/cli/compose.ts'
import { createChat, type ChatOverrides } from '../../../src/discord/chat.ts'
import { openConnection } from '../../../src/discord/gateway/connection.ts'
import type { ChatError, ChatPort } from '../../../src/ports/chat.ts'
import type { Log } from '../../../src/ports/host.ts'
import { openDeafConnection } from './deaf-connection.ts'

interface Lacking {
  readonly overrides?: ChatOverrides
  readonly chat?: (chat: ChatPort, config: Config) => ChatPort
}

const NEVER_MS = 2 ** 31 - 1

const SAFEGUARDS = {
  /** A session is taken up again where it stood, and what cannot be is read over REST. */
  'resume-and-catch-up': {
    overrides: { client: { connect: (options) => openConnection({ ...options, resume: undefined }) } },
    chat: withoutCatchUp,
  },
  'catch-up': { chat: withoutCatchUp },
  /** Live events wait until their channel has been read. */
  'hold-behind-catch-up': {
    chat: (chat) => ({
      ...chat,
      start: async (options) =>
        chat.start({
          ...options,
          onEvent(event) {
            if (event.kind === 'fresh') setTimeout(() => options.onEvent(event), 2000)
            else options.onEvent(event)
          },
        }),
    }),
  },
  /** A RESUME without answer is given up. */
  'resume-watchdog': { overrides: { client: { resumeTimeoutMs: NEVER_MS } } },
  /** A line on which nothing comes back is given up. */
  'heartbeat-check': { overrides: { client: { connect: openDeafConnection } } },
  'back-off': { overrides: { client: { pauseAfter: () => 0 } } },
  /** A fatal close or a wrong token ends the process. */
  'fatal-ends': {
    chat: (chat) => ({
      ...chat,
      start: async (options) => {
        const ready = await chat.start({ ...options, onFatal: () => undefined })
        return ready.kind === 'ready' ? ready : new Promise(() => undefined)
      },
    }),
  },
  /** Reads the start needs are repeated until they work. No time-out here ends one on a machine that is only busy. */
  'persistent-start': {
    overrides: {
      rest: { timeout: 30_000 },
      createRetryForever: (rest) => async (route, reader) => {
        const answer = await rest.call({ method: 'GET', route }, reader)
        return answer instanceof Error ? (sleep(NEVER_MS, rest.stopping) as Promise<never>) : answer
      },
    },
  },
  /** A wait for a rate limit ends: one that Discord states, a second long. What the client holds back by itself is shorter. */
  'rate-limit-end': {
    overrides: { rest: { pause: async (ms, signal) => (ms < 1000 ? sleep(ms, signal) : new Promise(() => undefined)) } },
  },
  'own-time-out': { overrides: { rest: { timeout: NEVER_MS } } },
  /** A post of unknown outcome is tried again. */
  'post-again': { chat: (chat) => ({ ...chat, post: async (...args) => unknownIsRefused(await chat.post(...args)) }) },
  /** ... under its nonce, and after a look whether it stands. */
  'nonce-and-look-back': {
    chat: (chat) => ({
      ...chat,
      post: async (channelId, message) => chat.post(channelId, message, String(process.hrtime.bigint())),
      ownMessagesAfter: async () => [],
    }),
  },
  /** Only what Discord repeats is believed of a 401. */
  'ask-again-after-401': { overrides: { isRefused: async () => true } },
  'believe-401': { overrides: { isRefused: async () => false } },
  /** What cannot be said in a thread is said in its channel. */
  'told-in-channel': {
    chat: (chat) => {
      const channels = new Set<string>()
      return {
        ...chat,
        start: async (options) =>
          chat.start({ ...options, isProjectChannel: (id) => options.isProjectChannel(id) && channels.add(id) !== undefined }),
        post: async (channelId, message, nonce) =>
          channels.has(channelId) ? { messageId: channelId } : chat.post(channelId, message, nonce),
      }
    },
  },
  /** A refused text comes in another form. */
  'refused-text-comes-otherwise': {
    chat: (chat) => ({
      ...chat,
      post: async (channelId, message, nonce) => {
        const result = await chat.post(channelId, message, nonce)
        return result instanceof ChatRefused ? { messageId: channelId } : result
      },
    }),
  },
  /** A channel that is gone is not written to again. */
  'gone-is-over': {
    chat: (chat) => ({
      ...chat,
      post: async (...args) => goneIsUnknown(await chat.post(...args)),
      ownMessagesAfter: async () => [],
    }),
  },
  /** Nothing waits for what is only nice to have. */
  'cosmetics-aside': {
    chat: (chat, { apiUrl, token = '' }) => {
      let nice: Promise<unknown> = Promise.resolve()
      const typing = (id: string): void => {
        nice = nice.then(async () => worked(`${apiUrl}/v10/channels/${id}/typing`, token))
      }
      return {
        ...chat,
        cosmetic: { ...chat.cosmetic, typing },
        post: async (...args) => nice.then(async () => chat.post(...args)),
      }
    },
  },
  'thread-again': {
    chat: (chat) => ({ ...chat, openThread: async (...args) => unknownIsRefused(await chat.openThread(...args)) }),
  },
} satisfies Readonly<Record<string, Lacking>>

export type SafeguardName = keyof typeof SAFEGUARDS

export const isSafeguard = (name: string | undefined): name is SafeguardName => name !== undefined && name in SAFEGUARDS

/** New sessions cost nothing here, nor do they wait: `identify-budget.test.ts` is about them. */
const NOT_COUNTED = { read: async () => [], write: async () => undefined }

/** Waits that would make a test long, made short. */
const SHORT = {
  rest: { timeout: 600 },
  client: { resumeTimeoutMs: 400, pauseAfter: (failures) => Math.min(200 * 2 ** (failures - 1), 1500) },
} satisfies ChatOverrides

export function decorationsWithout(config: Config, name: SafeguardName | undefined, log: Log): Decorations {
  const { token = '', apiUrl } = config
  const { overrides = {}, chat: change = (chat) => chat }: Lacking = name === undefined ? {} : SAFEGUARDS[name]
  return {
    chat(made) {
      void made.stop()
      const { rest, client } = overrides
      const both = { ...overrides, rest: { ...SHORT.rest, ...rest }, client: { ...SHORT.client, ...client } }
      return change(createChat({ token, apiUrl, log, identifies: NOT_COUNTED, overrides: both }), config)
    },
  }
}

function withoutCatchUp(chat: ChatPort): ChatPort {
  return {
    ...chat,
    readAfter: async () => ({ messages: [], lastId: undefined, more: false }),
  }
}

const unknownIsRefused = <T>(result: T | ChatError): T | ChatError =>
  result instanceof ChatUnknown ? new ChatRefused({ code: 0, reason: result.reason }) : result

const goneIsUnknown = <T>(result: T | ChatError): T | ChatError =>
  result instanceof ChatGone ? new ChatUnknown({ reason: 'gone' }) : result

/** Nobody listens any more: the test has ended. */
const isOver = (): boolean => true

async function worked(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bot ${token}` }
  for (let ok = false; !ok;) ok = await fetch(url, { method: 'POST', headers }).then((answer) => answer.ok, isOver)
}

/** `kimaki send`: a program speaks to the agent, in a new thread of a linked channel or in a thread that has a conversation. */
import type { SendRequest } from '../../app/send.ts'
import { systemClock } from '../../base/clock.ts'
import { jsonForTerminal } from '../../base/text.ts'
import { UsageError } from '../../base/errors.ts'
import type { Acceptance, StorePort } from '../../ports/store.ts'
import { composedOf, defineCliCommand, type OptionValues } from '../command.ts'
import { EXIT_OK } from '../status.ts'
import { checkSnowflake } from '../snowflake.ts'

const OPTIONS = {
  channel: { flag: '-c, --channel <id>', description: 'begin a new thread in this linked channel' },
  thread: { flag: '--thread <id>', description: 'write into this thread, which has a conversation with kimaki' },
  prompt: {
    flag: '-p, --prompt <text>',
    description: 'what to say; "-", or none with a pipe: read from stdin',
    mayBeEmpty: true,
  },
  name: { flag: '-n, --name <name>', description: 'name of the new thread (default: from the prompt)' },
  json: { flag: '--json', description: 'tell as JSON what became of it' },
} as const

type Options = OptionValues<typeof OPTIONS>

/** What became of the request: `accepted` by the running bot, or `waiting` in the database until kimaki runs. */
interface Sent {
  readonly key: string
  readonly state: 'accepted' | 'waiting'
  /** Where it is read; unknown until a new thread is open. */
  readonly threadId: string | undefined
}

export const send = defineCliCommand({
  usage: 'send',
  description: 'send a message to the agent, as a program',
  options: OPTIONS,
  async run({ config, options, print }) {
    const target = targetOf(options)
    if (target instanceof Error) return target
    const { checkPrompt } = await import('../../app/send.ts')
    const { readPrompt } = await import('../stdin.ts')
    const prompt = checkPrompt(await readPrompt(options.prompt))
    if (prompt instanceof Error) return prompt
    const request: SendRequest = { id: crypto.randomUUID(), target, prompt }
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const sent = await throughBotOrStore<Sent>(config, {
      call: { method: 'POST', path: '/send', body: bodyOf(request) },
      withStore: (store) => leaveInStore(request, store),
    })
    if (sent instanceof Error) return sent
    print(options.json ? jsonForTerminal({ queued: sent.state === 'waiting', ...sent }) : sentenceOf(sent, target))
    return EXIT_OK
  },
  routes: {
    'POST /send': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const request = readBody(body)
      if (request instanceof Error) return request
      const { prepareSend } = await import('../../app/send.ts')
      const { projects, store } = composed
      const acceptance = await prepareSend(request, { projects, store, clock: systemClock })
      if (acceptance instanceof Error) return acceptance
      const rows = await composed.bot.accept(acceptance)
      return rows instanceof Error ? rows : sentOf(acceptance, 'accepted')
    },
  },
})

/** One of `--channel` and `--thread`, checked. */
function targetOf({ channel, thread, name }: Options): SendRequest['target'] | UsageError {
  if ((channel === undefined) === (thread === undefined))
    return new UsageError({ reason: 'Give either --channel (a new thread) or --thread (one that is there).' })
  if (thread === undefined) {
    const channelId = channel ?? ''
    return checkSnowflake('--channel', channelId) ?? { kind: 'channel', channelId, name }
  }
  if (name !== undefined)
    return new UsageError({ reason: '--name is for a new thread: it goes with --channel, not with --thread.' })
  return checkSnowflake('--thread', thread) ?? { kind: 'thread', threadId: thread }
}

/** Only the running bot may write while it runs; here nobody else does. */
async function leaveInStore(request: SendRequest, store: StorePort): Promise<Sent | Error> {
  const { prepareSend } = await import('../../app/send.ts')
  const { loadProjects } = await import('../../app/intake/projects.ts')
  const acceptance = await prepareSend(request, { projects: await loadProjects(store), store, clock: systemClock })
  if (acceptance instanceof Error) return acceptance
  const rows = await store.commit({ accept: [acceptance] })
  return rows instanceof Error ? rows : sentOf(acceptance, 'waiting')
}

const sentOf = ({ key, conversation }: Acceptance, state: Sent['state']): Sent => ({
  key,
  state,
  threadId: conversation.inThread ? conversation.id : undefined,
})

function sentenceOf({ state }: Sent, target: SendRequest['target']): string {
  if (state === 'waiting') return 'kimaki does not run now: the message waits in its database until kimaki is started.'
  return target.kind === 'thread'
    ? `The message is on its way to thread ${target.threadId}.`
    : `A new thread begins in channel ${target.channelId}.`
}

/** The JSON of `POST /send`: `{ channelId, name? }` or `{ threadId }`, `id` and `prompt`. */
const bodyOf = ({ target: { kind: _, ...target }, ...request }: SendRequest): unknown => ({ ...target, ...request })

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

function readBody(body: unknown): SendRequest | UsageError {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const { channelId, threadId, prompt, name, id } = given
  if (typeof prompt !== 'string' || (typeof channelId === 'string') === (typeof threadId === 'string'))
    return new UsageError({ reason: 'prompt and either channelId or threadId are needed' })
  if (typeof id !== 'string' || !UUID.test(id))
    return new UsageError({ reason: 'id must be a UUID of your own for this request' })
  if (typeof threadId === 'string') return { id, target: { kind: 'thread', threadId }, prompt }
  return {
    id,
    target: { kind: 'channel', channelId: String(channelId), name: typeof name === 'string' ? name : undefined },
    prompt,
  }
}

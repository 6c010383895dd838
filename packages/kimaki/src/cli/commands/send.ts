/** `kimaki send`: a program speaks to the agent, in a new thread of a linked channel or in a thread that has a conversation. */
import type { SendDeps, SendRequest } from '../../app/send.ts'
import { systemClock } from '../../base/clock.ts'
import { TryLater, UsageError } from '../../base/errors.ts'
import { jsonForTerminal } from '../../base/text.ts'
import type { Acceptance, StorePort } from '../../ports/store.ts'
import { composedOf, defineCliCommand, type AgentAccess, type OptionValues } from '../command.ts'
import type { Config } from '../config.ts'
import type { PostedForBot } from '../sending/post-marked.ts'
import type { Over } from '../sessions/wait.ts'
import { EXIT_FAILURE, EXIT_OK } from '../status.ts'
import { checkSnowflake } from '../snowflake.ts'

const OPTIONS = {
  channel: { flag: '-c, --channel <id>', description: 'begin a new thread in this linked channel' },
  project: { flag: '--project <folder>', description: 'begin a new thread in the channel of this folder' },
  thread: { flag: '--thread <id>', description: 'write into this thread, which has a conversation with kimaki' },
  session: { flag: '--session <id>', description: 'write into the thread of this session' },
  prompt: {
    flag: '-p, --prompt <text>',
    description: 'what to say; "-", or none with a pipe: read from stdin',
    mayBeEmpty: true,
  },
  name: { flag: '-n, --name <name>', description: 'name of the new thread (default: from the prompt)' },
  file: { flag: '-f, --file <file...>', description: 'files that go with it, at most 10 of 20 MB each' },
  agent: { flag: '--agent <name>', description: 'who answers in the thread from now on' },
  model: { flag: '--model <provider/model>', description: 'the model that answers in the thread from now on' },
  user: { flag: '-u, --user <id>', description: 'whose rights count; they are added to a new thread' },
  permission: {
    flag: '--permission <rule...>',
    description: 'tool:action or tool:pattern:action (allow, deny, ask), for the session of a new thread',
  },
  cwd: { flag: '--cwd <folder>', description: 'where the agent of a new thread works: in the project, or one of its worktrees' },
  parentSession: { flag: '--parent-session <id>', description: 'the session that begins the new thread: its agent is told' },
  notifyOnly: { flag: '--notify-only', description: 'only post it in the channel: no thread, nobody answers' },
  wait: { flag: '--wait', description: 'wait for the answer and print it; 1 when it failed' },
  timeout: {
    flag: '--timeout <minutes>',
    description: 'with --wait: end with 75 after so long (default: 30 from CI, else none)',
  },
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
  examples: [
    'kimaki send --project . --prompt "Fix the failing test" --wait',
    'git diff | kimaki send --channel 123456789012345678 --name "Review"',
    'kimaki send --session ses_abc --prompt "And now the docs" --file notes.md',
  ],
  options: OPTIONS,
  async run({ config, options, print }) {
    const timeout = readTimeout(options)
    if (timeout instanceof Error) return timeout
    const request = await requestOf(config, options)
    if (request instanceof Error) return request
    const isAlone = await isForDiscordAlone(config, options)
    if (options.notifyOnly) {
      const { postOnly } = await import('../sending/post-only.ts')
      const posted = await postOnly(config, request)
      if (posted instanceof Error) return posted
      print(options.json ? jsonForTerminal(posted) : 'It is posted.')
      return EXIT_OK
    }
    if (isAlone) {
      const { postForBot } = await import('../sending/post-marked.ts')
      const posted = await postForBot(config, request)
      if (posted instanceof Error) return posted
      if (options.wait) return untilAnsweredInDiscord(config, posted, { isJson: options.json === true, print, timeout })
      const { userId: _bot, ...told } = posted
      print(options.json ? jsonForTerminal(told) : 'It is posted in Discord: the bot takes it from there.')
      return EXIT_OK
    }
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const sent = await throughBotOrStore<Sent>(config, {
      call: { method: 'POST', path: '/send', body: bodyOf(request) },
      ...(options.file && { answerMs: COPY_MS }),
      withStore: (store) => (options.wait ? Promise.resolve(nobodyToWaitFor()) : leaveInStore(config, request, store)),
    })
    if (sent instanceof Error) return sent
    if (options.wait) return untilAnswered(config, sent, { isJson: options.json === true, print, timeout })
    print(options.json ? jsonForTerminal({ queued: sent.state === 'waiting', ...sent }) : sentenceOf(sent, request.target))
    return EXIT_OK
  },
  routes: {
    'POST /send': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readSend } = await import('../sending/body.ts')
      const request = readSend(body)
      if (request instanceof Error) return request
      const { prepareSend } = await import('../../app/send.ts')
      const { keepWith } = await import('../sending/keep-file.ts')
      const { projects, store, files } = composed
      const keep = keepWith(files, request.within)
      const cwdIn = await cwdFor(store)
      const acceptance = await prepareSend(request, { projects, store, clock: systemClock, keep, cwdIn })
      if (acceptance instanceof Error) return acceptance
      publishFor(bot.links, acceptance)
      const rows = await composed.bot.accept(acceptance)
      return rows instanceof Error ? rows : sentOf(acceptance, 'accepted')
    },
    'POST /send/wait': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { key } = (typeof body === 'object' && body !== null ? body : {}) as { readonly key?: unknown }
      if (typeof key !== 'string') return new UsageError({ reason: 'key is needed: that of the answer to POST /send' })
      const { waitForRequest } = await import('../../app/control/sessions/wait.ts')
      const { store, agent } = composed
      return waitForRequest({ store, agent, waits: composed.bot.waits, now: () => systemClock.now() }, key)
    },
    'POST /notify': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readNotice } = await import('../sending/body.ts')
      const notice = readNotice(body)
      if (notice instanceof Error) return notice
      const { notify } = await import('../../app/control/notify.ts')
      return notify(composed.chat, notice)
    },
  },
})

/** The token is there, and this machine knows of no bot and of no project: a CI job. */
async function isForDiscordAlone({ database, dataDir, isAgent, environment }: Config, { channel }: Options): Promise<boolean> {
  if (channel === undefined || isAgent || !environment['KIMAKI_BOT_TOKEN']?.trim()) return false
  const { existsSync } = await import('node:fs')
  const { socketIn } = await import('../control/socket.ts')
  if (existsSync(socketIn(dataDir))) return false
  const { readProjects } = await import('../../store/inquiry/read-only.ts')
  const projects = readProjects(database)
  return !(projects instanceof Error) && projects.length === 0
}

async function cwdFor(store: StorePort): Promise<SendDeps['cwdIn']> {
  const { checkCwd } = await import('../folders/cwd.ts')
  const { createFolders } = await import('../../host/folders.ts')
  const deps = { folders: createFolders(), trusts: store.folders }
  return (project, cwd) => checkCwd(deps, project, cwd)
}

/** An agent that works in another folder than that of the project acts for the project all the same. */
function publishFor(links: AgentAccess, { request, conversation: { directory } }: Acceptance): void {
  const cwd = request.kind === 'begin' ? request.begins.cwd : undefined
  if (cwd !== undefined) links.publish([cwd], directory)
}

/** Ten files of 20 MB are copied first. */
const COPY_MS = 60_000

async function untilAnswered(config: Config, { key }: Sent, how: Waiting): Promise<number | Error> {
  const { waitFor } = await import('../sessions/wait.ts')
  return told(key, await waitFor(config, '/send/wait', { key }, how.timeout), how)
}

const CI_MINUTES = 30

async function untilAnsweredInDiscord(
  { token = '', apiUrl }: Config,
  { key, ...posted }: PostedForBot,
  how: Waiting,
): Promise<number | Error> {
  const { waitInDiscord } = await import('../sending/wait-in-discord.ts')
  const limitMs = how.timeout ?? CI_MINUTES * MINUTE_MS
  return told(key, await waitInDiscord({ token, apiUrl }, posted, { limitMs }), how)
}

async function told(key: string, over: Over | Error, { isJson, print }: Waiting): Promise<number | Error> {
  if (over instanceof Error) return over
  const { printEnd } = await import('../sessions/wait.ts')
  if (!isJson) return printEnd(over, print)
  print(jsonForTerminal({ key, ...over }))
  return over.ok ? EXIT_OK : EXIT_FAILURE
}

interface Waiting {
  readonly isJson: boolean
  readonly print: (line: string) => void
  /** Ms; undefined: as long as it takes. */
  readonly timeout: number | undefined
}

const MINUTE_MS = 60_000
const MOST_MINUTES = 1440

/** Ms. */
function readTimeout({ timeout, wait }: Options): number | undefined | UsageError {
  if (timeout === undefined) return undefined
  const minutes = Number(timeout)
  if (!wait) return new UsageError({ reason: '--timeout goes with --wait.' })
  if (minutes > 0 && minutes <= MOST_MINUTES) return minutes * MINUTE_MS
  return new UsageError({ reason: `--timeout must be minutes, at most ${MOST_MINUTES}; it is "${timeout}".` })
}

const nobodyToWaitFor = (): TryLater =>
  new TryLater({
    reason: 'no kimaki runs, so nobody answers, and nothing was sent. Start kimaki; without --wait the message is left for it.',
  })

/** All that can be wrong is told before anything happens. */
async function requestOf(config: Config, options: Options): Promise<SendRequest | Error> {
  const target = await targetOf(config, options)
  if (target instanceof Error) return target
  const wrong = checkTogether(options, target)
  if (wrong) return wrong
  const wishes = await wishesOf(options)
  if (wishes instanceof Error) return wishes
  const { checkPrompt } = await import('../../app/send.ts')
  const { readPrompt } = await import('../sending/stdin.ts')
  const prompt = checkPrompt(await readPrompt(options.prompt))
  if (prompt instanceof Error) return prompt
  const begins = await beginsWith(config, options)
  return begins instanceof Error ? begins : { id: crypto.randomUUID(), target, prompt, ...wishes, ...begins }
}

/** A parent must be on record; where the folder may be, the bot says, which knows the project. */
async function beginsWith(
  config: Config,
  { cwd: folder, parentSession }: Options,
): Promise<Pick<SendRequest, 'cwd' | 'parent'> | Error> {
  const { realDirectory } = await import('../directory.ts')
  const cwd = folder === undefined ? undefined : realDirectory(folder)
  if (cwd instanceof Error) return cwd
  if (parentSession === undefined) return cwd === undefined ? {} : { cwd }
  const { readSession } = await import('../sessions/meant.ts')
  const meant = readSession(parentSession)
  if (meant instanceof Error) return meant
  const { foundSession } = await import('../sending/target.ts')
  const found = await foundSession(config, meant)
  return found instanceof Error ? found : { ...(cwd !== undefined && { cwd }), parent: found.sessionId }
}

async function wishesOf(options: Options): Promise<Omit<SendRequest, 'id' | 'target' | 'prompt'> | UsageError> {
  const { readModel, readRule, readUser } = await import('../sending/wishes.ts')
  const { resolve } = await import('node:path')
  const model = options.model === undefined ? undefined : readModel(options.model)
  if (model instanceof Error) return model
  const userId = options.user === undefined ? undefined : readUser(options.user)
  if (userId instanceof Error) return userId
  const rules = []
  for (const text of options.permission ?? []) {
    const rule = readRule(text)
    if (rule instanceof Error) return rule
    rules.push(rule)
  }
  const files = options.file?.map((file) => resolve(file))
  return { userId, model, agent: options.agent, ...(rules.length > 0 && { rules }), ...(files && { files }) }
}

function checkTogether(options: Options, { kind }: SendRequest['target']): UsageError | undefined {
  const { name, permission, cwd, parentSession, notifyOnly, wait, file, agent, model, user } = options
  const refuse = (reason: string): UsageError => new UsageError({ reason })
  if (kind === 'thread' && name !== undefined)
    return refuse('--name is for a new thread: it goes with --channel, not with --thread.')
  if (kind === 'thread' && permission !== undefined)
    return refuse('--permission is for the session of a new thread: it goes with --channel, not with --thread.')
  if (kind === 'thread' && (cwd ?? parentSession) !== undefined)
    return refuse('--cwd and --parent-session are for a new thread: they go with --channel, not with --thread.')
  if (!notifyOnly) return undefined
  if (kind === 'thread') return refuse('--notify-only posts in a channel: it goes with --channel, not with --thread.')
  const others = { name, permission, cwd, 'parent-session': parentSession, wait, file, agent, model, user }
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  return other === undefined ? undefined : refuse(`--${other} does not go with --notify-only: nobody answers.`)
}

/** One of `--channel`, `--project`, `--thread` and `--session`, checked. */
async function targetOf(config: Config, options: Options): Promise<SendRequest['target'] | Error> {
  const { channel, project, thread, session, name } = options
  if ([channel, project, thread, session].filter((one) => one !== undefined).length !== 1)
    return new UsageError({
      reason: 'Give either --channel (a new thread) or --thread (one that is there), or in their place --project or --session.',
    })
  if (thread !== undefined) return checkSnowflake('--thread', thread) ?? { kind: 'thread', threadId: thread }
  if (channel !== undefined) return checkSnowflake('--channel', channel) ?? { kind: 'channel', channelId: channel, name }
  const { channelOfProject, threadOfSession } = await import('../sending/target.ts')
  if (session !== undefined) return threadOfSession(config, session)
  const channelId = await channelOfProject(config, project ?? '.')
  return channelId instanceof Error ? channelId : { kind: 'channel', channelId, name }
}

/** Only the running bot may write while it runs; here nobody else does. */
async function leaveInStore(config: Config, request: SendRequest, store: StorePort): Promise<Sent | Error> {
  const { prepareSend } = await import('../../app/send.ts')
  const { loadProjects } = await import('../../app/intake/projects.ts')
  const { keepIn } = await import('../sending/keep-file.ts')
  const projects = await loadProjects(store)
  const deps = { projects, store, clock: systemClock, keep: keepIn(config), cwdIn: await cwdFor(store) }
  const acceptance = await prepareSend(request, deps)
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

/** The JSON of `POST /send`: `{ channelId, name? }` or `{ threadId }`, `id`, `prompt`, and how it is to be run. */
const bodyOf = ({ target: { kind: _, ...target }, ...request }: SendRequest): unknown => ({ ...target, ...request })

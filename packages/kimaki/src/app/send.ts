/**
 * `kimaki send`: a program's request becomes an inbox row, like a person's message does. The running bot commits the row and hands it to
 * its conversation; without a bot the row waits in the database for the next start.
 */
import type { Clock } from '../base/clock.ts'
import { UsageError } from '../base/errors.ts'
import { bots, BOTS_IN_A_ROW, botsMayBegin, isFull } from '../domain/conversation/features/talk/bots.ts'
import type { Request } from '../domain/conversation/request.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { PermissionRule } from '../domain/agent.ts'
import type { Author, IncomingAttachment, IncomingMessage } from '../domain/message/incoming.ts'
import type { ModelChoice } from '../domain/models/preferences.ts'
import { threadNameFrom } from '../domain/naming.ts'
import { derivedSlug, slugOf, type WorktreeWanted } from '../domain/worktree.ts'
import type { Acceptance, ConversationPlace, Project, StorePort } from '../ports/store.ts'

export interface SendRequest {
  /** The caller's own, a new UUID for each request: a request that is made again counts once. */
  readonly id: string
  readonly target:
    | { readonly kind: 'thread'; readonly threadId: string }
    | { readonly kind: 'channel'; readonly channelId: string; /** Of the new thread. */ readonly name: string | undefined }
  readonly prompt: string
  /** The Discord user it speaks for: it runs with their rights, and they are added to a new thread. */
  readonly userId?: string | undefined
  readonly agent?: string | undefined
  readonly model?: ModelChoice | undefined
  /** Of the session of a new thread. */
  readonly rules?: readonly PermissionRule[] | undefined
  /** Of a new thread: the folder its session works in (absolute), and the session that has begun it. */
  readonly cwd?: string | undefined
  /** Of a new thread: its session works in a worktree of its own. */
  readonly worktree?: { readonly name?: string | undefined } | undefined
  readonly parent?: string | undefined
  /** The message in the channel that it was posted as: the thread is opened from it. Its files are Discord's. */
  readonly from?: string | undefined
  readonly attached?: readonly IncomingAttachment[] | undefined
  /** What the thread is called at first; undefined: after the words. */
  readonly title?: string | undefined
  /** Absolute paths. They are copied: what becomes of them later does not matter. */
  readonly files?: readonly string[] | undefined
  /** The default is `kimaki send`. */
  readonly author?: Author | undefined
}

/** The request cannot be accepted; the sentence says what to change. */
export type SendError = UsageError

export interface SendDeps {
  readonly projects: { of(channelId: string): Project | undefined }
  readonly store: Pick<StorePort, 'load' | 'saidIn'>
  readonly clock: Pick<Clock, 'now'>
  /** Copies a file into the data folder; returns why it cannot. */
  readonly keep?: KeepFile | undefined
  /** The real path of the folder that a session of this project may work in; or why it may not. */
  readonly cwdIn?: ((project: Project, cwd: string) => Promise<string | UsageError>) | undefined
}

export type KeepFile = (conversationId: string, path: string) => Promise<Omit<IncomingAttachment, 'id'> | UsageError>

const FILES_MAX = 10

/** UTF-16 units. Even with every character escaped twice over, the request fits the 64 KiB of a control call. */
export const PROMPT_LIMIT = 30_000

const AUTHOR: Author = { kind: 'program', name: 'kimaki send', userId: undefined }

/** The row to commit; nothing is written here. */
export async function prepareSend(request: SendRequest, deps: SendDeps): Promise<Acceptance | SendError> {
  const { target } = request
  const { attached = [] } = request
  const prompt = attached.length > 0 && request.prompt === '' ? '' : checkPrompt(request.prompt)
  if (prompt instanceof Error) return prompt
  const { worktree: _worktree, ...wishes } = request
  const draft: Draft = { ...wishes, prompt, at: deps.clock.now(), attachments: [] }
  if (target.kind === 'channel') {
    const project = deps.projects.of(target.channelId)
    if (!project) return notLinked(target.channelId)
    const folder = await folderFor(request, project, deps)
    if (folder instanceof Error) return folder
    const worktree = worktreeFor(request)
    if (worktree instanceof Error) return worktree
    const mayBegin = botsMayBegin(authorOf(request), draft.at, await deps.store.saidIn(target.channelId))
    if (mayBegin !== 'yes') return tooMuchTalk('began', 'conversations')
    return withFiles(request, deps, `begin:${request.id}`, (attachments) =>
      inChannel({ ...draft, attachments, ...folder }, project, { name: target.name, worktree }),
    )
  }
  const found = await findThread(deps.store, target.threadId)
  if (!found) return notAConversation(target.threadId)
  const { place, state } = found
  // The first message that is held is accepted, so that the thread says it.
  const isTold =
    state !== undefined && bots.of(state).held?.of === 'messages' && isFull(bots.of(state), authorOf(request), draft.at)
  if (isTold) return tooMuchTalk('wrote', 'messages')
  return withFiles(request, deps, place.id, (attachments) => inThread({ ...draft, attachments }, place))
}

/** Without one the session works in that of the project. */
async function folderFor(
  { cwd: wanted }: SendRequest,
  project: Project,
  { cwdIn }: SendDeps,
): Promise<{ readonly cwd: string | undefined } | UsageError> {
  if (wanted === undefined) return { cwd: undefined }
  const cwd = cwdIn ? await cwdIn(project, wanted) : new UsageError({ reason: 'A folder cannot be chosen here.' })
  if (cwd instanceof Error) return cwd
  return { cwd: cwd === project.directory ? undefined : cwd }
}

function worktreeFor({ id, worktree, title, prompt }: SendRequest): WorktreeWanted | undefined | UsageError {
  if (!worktree) return undefined
  if (worktree.name === undefined) return { slug: derivedSlug(title ?? prompt, `send-${id.slice(0, 8)}`) }
  const slug = slugOf(worktree.name)
  return slug === undefined ? new UsageError({ reason: NO_SLUG }) : { slug, isNamed: true }
}

const NO_SLUG = 'The name of a worktree needs letters from a to z, digits or dashes.'

/** All of them are kept before the row is on record that names them. */
async function withFiles(
  { id, files = [], attached = [] }: SendRequest,
  { keep }: SendDeps,
  conversationId: string,
  make: (attachments: readonly IncomingAttachment[]) => Acceptance,
): Promise<Acceptance | SendError> {
  if (files.length > FILES_MAX) return new UsageError({ reason: `At most ${FILES_MAX} files can be sent at once.` })
  const kept: IncomingAttachment[] = []
  for (const [index, path] of files.entries()) {
    const file = keep ? await keep(conversationId, path) : new UsageError({ reason: 'Files cannot be sent here.' })
    if (file instanceof Error) return file
    kept.push({ ...file, id: `${id}/${index}` })
  }
  return make([...attached, ...kept])
}

/** Without the space around it. Both halves of the command check: the call before it goes out, and the bot what it gets. */
export function checkPrompt(text: string): string | UsageError {
  const prompt = text.trim()
  if (prompt === '') return new UsageError({ reason: 'The prompt is empty. Give it with --prompt, or on stdin.' })
  if (prompt.length <= PROMPT_LIMIT) return prompt
  return new UsageError({
    reason: `The prompt is ${prompt.length} characters long, at most ${PROMPT_LIMIT} are possible. Write it to a file in the project and name the file in the prompt.`,
  })
}

interface Draft extends Omit<SendRequest, 'target' | 'files' | 'worktree'> {
  readonly at: number
  readonly attachments: readonly IncomingAttachment[]
}

function inThread(draft: Draft, conversation: ConversationPlace): Acceptance {
  const { id, at, agent, model } = draft
  const message: IncomingMessage = {
    ...messageOf(draft),
    guildId: conversation.guildId,
    channelId: conversation.id,
    projectChannelId: conversation.channelId,
    inThread: true,
  }
  const chooses =
    agent === undefined && model === undefined
      ? {}
      : { chooses: { ...(agent !== undefined && { agent }), ...(model && { model }) } }
  return { key: `send:${id}`, request: { kind: 'message', message, ...chooses }, conversation, at }
}

/** A conversation that no message of a person has opened: its thread is opened first (`begin-conversation`). */
function inChannel(
  draft: Draft,
  { guildId, channelId, directory }: Project,
  { name, worktree }: { readonly name: string | undefined; readonly worktree: WorktreeWanted | undefined },
): Acceptance {
  const { id, prompt, at, agent, model, rules, cwd, parent, from, title } = draft
  const message: IncomingMessage = {
    ...messageOf(draft),
    guildId,
    channelId,
    projectChannelId: channelId,
    inThread: false,
  }
  const request: Request = {
    kind: 'begin',
    message,
    begins: {
      name: threadNameFrom(name ?? title ?? prompt),
      ...(name !== undefined && { isChosen: true }),
      ...(agent !== undefined && { agent }),
      ...(model && { model }),
      ...(rules && rules.length > 0 && { rules }),
      ...(from !== undefined && { from }),
      ...(cwd !== undefined && { cwd }),
      ...(worktree && { worktree }),
      ...(parent !== undefined && { parent }),
    },
  }
  const conversation = { id: `begin:${id}`, guildId, channelId, directory, inThread: false }
  return { key: `send:${id}`, request, conversation, at }
}

const authorOf = ({ author = AUTHOR, userId }: Pick<SendRequest, 'author' | 'userId'>): Author =>
  author.kind === 'person' ? author : { ...author, userId }

const messageOf = ({ id, prompt, title, at, userId, author, attachments }: Draft) => ({
  id: `send:${id}`,
  author: authorOf({ author, userId }),
  text: prompt,
  titleText: title ?? prompt,
  mentionsBot: false,
  reply: undefined,
  attachments,
  sentAt: new Date(at).toISOString(),
})

/** A thread's conversation has the id of the thread. Undefined when the thread has none. */
async function findThread(
  store: SendDeps['store'],
  threadId: string,
): Promise<{ readonly place: ConversationPlace; readonly state: Conversation | undefined } | undefined> {
  const { state, inbox } = await store.load(threadId)
  const [first] = inbox
  if (!state) return first && { place: first.conversation, state }
  const { id, guildId, channelId, directory } = state
  return { place: { id, guildId, channelId, directory, inThread: true }, state }
}

const tooMuchTalk = (did: string, what: 'messages' | 'conversations'): UsageError =>
  new UsageError({
    reason: `Not sent: bots and programs ${did} the last ${BOTS_IN_A_ROW} ${what} there in a row, and no person said anything to the agent. A person's message in Discord lifts this; else try again in an hour.`,
  })

const notLinked = (channelId: string): UsageError =>
  new UsageError({
    reason: `The channel ${channelId} is not linked to a folder. "kimaki project list" shows those that are; "kimaki project link" links one.`,
  })

const notAConversation = (threadId: string): UsageError =>
  new UsageError({
    reason: `The thread ${threadId} has no conversation with kimaki. Give the id of a thread that has one, or begin one with --channel.`,
  })

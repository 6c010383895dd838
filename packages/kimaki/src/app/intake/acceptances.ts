/**
 * What becomes of each kind of event: the table `VERDICTS`. A verdict is data; the intake carries it out. Nothing here writes, answers
 * or waits for anything but what the record is asked: whether a conversation is known, and who spoke last where a bot would begin one.
 */
import { may, type AccessFacts, type Deed } from '../../domain/access.ts'
import { botsMayBegin, type SaidInChannel } from '../../domain/conversation/features/talk/bots.ts'
import { canBeLetIn } from '../../domain/conversation/features/talk/guests.ts'
import { readButton } from '../../domain/conversation/posts/button.ts'
import type { Modal } from '../../domain/conversation/posts/modal.ts'
import type { ButtonPress, OptionQuery } from '../../domain/conversation/request.ts'
import { authorUserId, isForOthers, isPerson, type IncomingMessage } from '../../domain/message/incoming.ts'
import { shellCommand } from '../../domain/message/intent.ts'
import { takeSuffix } from '../../domain/message/suffix.ts'
import type { ChatEvent, Interaction, Place, Visibility } from '../../ports/chat.ts'
import type { Acceptance, Batch, ConversationPlace, Cursor, Project, StorePort } from '../../ports/store.ts'
import { modalOf } from '../../view/asks/modals.ts'
import { needsThreadText, unknownCommandText } from '../../view/command.ts'
import { prepareSend } from '../send.ts'
import type { Pace } from './pace.ts'
import { deadButtonText, emptyMessageText, noProjectText, notAllowedText, unlinkedPressText } from '../../view/text/notice.ts'

/** What the intake has to know of a slash command; the rest of its declaration stands in `commands/`. */
export interface CommandRule {
  /** `thread`, `session`: only in a thread with a conversation. `anywhere`: also where no project is. */
  readonly where: 'thread' | 'session' | 'channel-or-thread' | 'anywhere'
  /** Who sees the answer. */
  readonly visibility: Visibility
  /** What whoever invokes it must be allowed to do; the default is `command`. */
  readonly deed?: Deed
  /** By their actions, buttons that stand in its answer: they work where it does. */
  readonly buttons?: Readonly<Record<string, unknown>>
}

export interface Surroundings {
  readonly projectOf: (channelId: string) => Project | undefined
  /** Is a conversation with this id on record, or on its way there? */
  readonly hasConversation: (id: string) => Promise<boolean>
  /** What was accepted in this project channel and its threads: the port's `saidIn`, with what is on its way there. */
  readonly saidIn: (channelId: string) => Promise<readonly SaidInChannel[]>
  readonly commands: Pick<ReadonlyMap<string, CommandRule>, 'get' | 'values'>
  /** In this project channel only messages count that mention the bot; in its threads, and for shell commands, it makes no difference. */
  readonly needsMention: (channelId: string) => boolean
  /** How fast people may begin conversations. */
  readonly pace: Pick<Pace, 'allows' | 'atMost'>
  /** `Settings.guestApproval`. */
  readonly guestApproval: boolean
  /** Unix ms. */
  readonly now: () => number
}

export type Verdict =
  /** Nothing of the event is for us. */
  | { readonly kind: 'pass' }
  | Recorded
  /** The person who pressed or invoked is told why nothing happens. */
  | { readonly kind: 'refuse'; readonly interaction: Interaction; readonly text: string }
  /** The press is answered by a form: what is sent with it goes on record. */
  | { readonly kind: 'show-modal'; readonly interaction: Interaction; readonly modal: Modal }
  /** Values are proposed for the option that somebody types, of the project in this folder; undefined: none. */
  | { readonly kind: 'propose'; readonly query: OptionQuery; readonly directory: string | undefined }
  /** Nothing is run because of the message; its channel is told why, once. */
  | { readonly kind: 'tell'; readonly channelId: string; readonly messageId: string; readonly text: string }
  /** A message of our own user in a thread: posted by this process, if its post is on record. */
  | { readonly kind: 'own-message'; readonly threadId: string; readonly messageId: string }
  /** Not on record, and of interest only to a conversation that is awake: when it wakes up it finds out by itself. */
  | { readonly kind: 'thread-changed'; readonly threadId: string; readonly change: ThreadChange }
  /** Whoever waits for a right there tries again. */
  | { readonly kind: 'place-changed'; readonly ids: readonly string[] }

/** What goes on record because of an event, and how Discord is answered once it is there. */
export interface Recorded {
  readonly kind: 'record'
  readonly accept: readonly Acceptance[]
  readonly cursors: readonly Cursor[]
  readonly answer?: Answer
  readonly deadDispatch?: NonNullable<Batch['deadDispatch']>
  /** What was written in a modal that asks for secrets, and stands in no row (`app/unrecorded-words.ts`). */
  readonly unrecorded?: { readonly pressId: string; readonly words: readonly string[] }
  /** The message begins nothing: its author has begun too many conversations within a minute, and is told. */
  readonly tooFast?: TooFast
}

/** A message that begins nothing. */
export interface TooFast {
  readonly guildId: string
  readonly channelId: string
  readonly messageId: string
  readonly userId: string
  readonly userName: string
  /** Conversations within a minute. */
  readonly atMost: number
}

export type Answer =
  | { readonly kind: 'acknowledge'; readonly interaction: Interaction }
  | { readonly kind: 'defer'; readonly interaction: Interaction; readonly visibility: Visibility }

export type ThreadChange = { readonly kind: 'gone' } | { readonly kind: 'renamed'; readonly name: string }

/** Every event but the begin of a session, which carries nothing itself. */
type Judged = Exclude<ChatEvent, { kind: 'fresh' }>

type Event<Kind extends Judged['kind']> = Extract<Judged, { kind: Kind }>
type Judge<Kind extends Judged['kind']> = (event: Event<Kind>, around: Surroundings) => Verdict | Promise<Verdict>

const PASS: Verdict = { kind: 'pass' }

/** How the nonce of a message begins that a `tell` has posted: it is on no record. */
export const SAID = 'say-'

const VERDICTS: { readonly [Kind in Judged['kind']]: Judge<Kind> } = {
  message: judgeMessage,
  edited: judgeEdit,
  deleted: judgeDeletion,
  pressed: judgePress,
  command: judgeCommand,
  autocomplete: judgeAutocomplete,
  'channel-gone': ({ channelId }) => ({ kind: 'thread-changed', threadId: channelId, change: { kind: 'gone' } }),
  'thread-renamed': ({ threadId, name }) => ({ kind: 'thread-changed', threadId, change: { kind: 'renamed', name } }),
  'place-changed': ({ ids }) => ({ kind: 'place-changed', ids }),
  unread: judgeUnread,
  // As with any message that is not for us, catch-up need not read it again.
  unheard: ({ place: { channelId }, messageId }) => ({ kind: 'record', accept: [], cursors: [{ channelId, messageId }] }),
  unreadable: ({ dispatch, position }, { now }) => ({
    kind: 'record',
    accept: [],
    cursors: [],
    deadDispatch: { dispatch, position, at: now() },
  }),
  own: ({ place, messageId, nonce = '' }) =>
    place.inThread && !nonce.startsWith(SAID) ? { kind: 'own-message', threadId: place.channelId, messageId } : PASS,
  marked: judgeMarked,
  passed: () => PASS,
}

/** What becomes of the event. Rejects with an `AbortError` when the bot stops before a question of the record is answered. */
export async function judge(event: Judged, around: Surroundings): Promise<Verdict> {
  const judgeKind = VERDICTS[event.kind] as (event: Judged, around: Surroundings) => Verdict | Promise<Verdict>
  return judgeKind(event, around)
}

/** A message that is not for us moves the cursor of its channel too. */
export async function judgeMessage({ message, access }: MessageFacts, around: Surroundings): Promise<Recorded> {
  // In a project channel a message begins a conversation; by a mention it brings the bot into a thread.
  const begins = !message.inThread || message.mentionsBot
  const cursors = [{ channelId: message.channelId, messageId: message.id }]
  const isMeant = message.inThread || isForBot(message, around)
  const conversation = isMeant ? await conversationOfMessage(message, access, around, begins) : undefined
  if (!conversation) {
    const guest = await guestMessage({ message, access }, around, `guest:${message.id}`)
    return { kind: 'record', accept: guest ? [guest] : [], cursors }
  }
  const key = `discord:${message.id}`
  const at = around.now()
  if (isPerson(message.author)) {
    const tooFast = await isTooFast(message, conversation, around)
    if (tooFast) return { kind: 'record', accept: [], cursors, tooFast }
  }
  const mayBegin = isPerson(message.author) ? 'yes' : await mayBotBegin(message, conversation, around, at)
  if (mayBegin === 'no') return { kind: 'record', accept: [], cursors }
  if (mayBegin !== 'yes')
    return { kind: 'record', accept: [{ key, request: { kind: 'unbegun', message }, conversation: mayBegin, at }], cursors }
  return {
    kind: 'record',
    accept: [{ key, request: { kind: 'message', message }, conversation, at }],
    // The thread that will be opened has the id of the message.
    cursors: message.inThread ? cursors : [...cursors, { channelId: message.id, messageId: message.id }],
  }
}

/** In a thread of ours, a message that somebody who may speak can let in. An edit may end that, so every edit goes on record. */
async function guestMessage(
  { message, access }: MessageFacts,
  around: Surroundings,
  key: string,
  isEdit?: true,
): Promise<Acceptance | undefined> {
  if (!around.guestApproval || !message.inThread || !may('be-let-in', access)) return undefined
  if (!isEdit && !canBeLetIn(message)) return undefined
  const conversation = await knownConversation(message, message.channelId, around)
  const request = { kind: 'guest-message', message, ...(isEdit && { isEdit }) } as const
  return conversation && { key, request, conversation, at: around.now() }
}

const isForBot = ({ channelId, mentionsBot, text }: IncomingMessage, { needsMention }: Surroundings): boolean =>
  mentionsBot || !needsMention(channelId) || shellCommand(text) !== undefined

/** `kimaki send` is not counted here: what programs begin is bounded by `botsMayBegin`. */
async function isTooFast(
  message: IncomingMessage,
  conversation: ConversationPlace,
  { hasConversation, pace }: Surroundings,
): Promise<TooFast | undefined> {
  const userId = authorUserId(message.author)
  if (userId === undefined) return undefined
  if (message.inThread && !asksAside(message) && (await hasConversation(conversation.id))) return undefined
  if (pace.allows(userId, message.id)) return undefined
  const { guildId, channelId, id: messageId, author } = message
  return { guildId, channelId, messageId, userId, userName: author.name, atMost: pace.atMost }
}

const asksAside = (message: IncomingMessage): boolean => !isForOthers(message) && takeSuffix(message.text).suffix === 'btw'

/** Where people are told that it may not, the first time. A question aside begins a conversation, too. */
async function mayBotBegin(
  message: IncomingMessage,
  conversation: ConversationPlace,
  around: Surroundings,
  at: number,
): Promise<'yes' | 'no' | ConversationPlace> {
  const isKnown = message.inThread && (await around.hasConversation(conversation.id))
  if (isKnown && !asksAside(message)) return 'yes'
  const mayBegin = botsMayBegin(message.author, at, await around.saidIn(conversation.channelId))
  if (mayBegin !== 'first') return mayBegin
  return isKnown ? conversation : { ...conversation, id: `unbegun:${message.id}`, inThread: false }
}

/** A program speaks through a message of ours: as with `kimaki send`, a thread of its own is opened. */
async function judgeMarked(
  { place, messageId, text, attachments, mark }: Event<'marked'>,
  around: Surroundings,
): Promise<Verdict> {
  const cursors = [{ channelId: place.channelId, messageId }]
  const { id, at: _madeAt, files: _digests, name, ...wishes } = mark
  const target = { kind: 'channel', channelId: place.channelId, name } as const
  const { projectOf, saidIn, now } = around
  const deps = { projects: { of: projectOf }, store: { saidIn, load: nothingThere }, clock: { now } }
  const acceptance = await prepareSend({ id, target, prompt: text, attached: attachments, from: messageId, ...wishes }, deps)
  // Its program is not there any more to be told why not.
  return { kind: 'record', accept: acceptance instanceof Error ? [] : [acceptance], cursors }
}

const nothingThere: StorePort['load'] = async () => ({ state: undefined, inbox: [], effects: [] })

type MessageFacts = Pick<Event<'message'>, 'message' | 'access'>

async function judgeEdit({ message, access, editedAt }: Event<'edited'>, around: Surroundings): Promise<Verdict> {
  const conversation = await conversationOfMessage(message, access, around, false)
  if (!conversation) {
    const guest = await guestMessage({ message, access }, around, `guest:${message.id}:${editedAt}`, true)
    return guest ? record(guest) : PASS
  }
  const request = { kind: 'edited-message', message } as const
  return record({ key: `edit:${message.id}:${editedAt}`, request, conversation, at: around.now() })
}

/** Whoever deletes a message needs no right to: what is not there any more is not run. */
async function judgeDeletion({ place, messageIds }: Event<'deleted'>, around: Surroundings): Promise<Verdict> {
  const deletions = await Promise.all(
    messageIds.map(async (messageId): Promise<readonly Acceptance[]> => {
      const conversation = await knownConversation(place, place.inThread ? place.channelId : messageId, around)
      if (!conversation) return []
      const request = { kind: 'deleted-message', messageId } as const
      return [{ key: `delete:${messageId}`, request, conversation, at: around.now() }]
    }),
  )
  const accept = deletions.flat()
  return accept.length > 0 ? record(...accept) : PASS
}

/** In a thread only if its messages are read there. */
async function judgeUnread(
  { why, place, messageId, mentionsBot, access }: Event<'unread'>,
  around: Surroundings,
): Promise<Verdict> {
  if (!may('speak', access)) return PASS
  if (!place.inThread && !mentionsBot && around.needsMention(place.channelId)) return PASS
  const tell = (text: string): Verdict => ({ kind: 'tell', channelId: place.channelId, messageId, text })
  if (why === 'no-project') return tell(noProjectText())
  const isRead = !place.inThread || mentionsBot || (await knownConversation(place, place.channelId, around))
  return isRead ? tell(emptyMessageText()) : PASS
}

async function judgePress({ press, place, token, access }: Event<'pressed'>, around: Surroundings): Promise<Verdict> {
  const interaction = { id: press.id, token }
  const ofThread = place.inThread ? await knownConversation(place, press.channelId, around) : undefined
  const rule = ruleOfAnswer(press, around)
  const conversation = ofThread ?? conversationOutside(press, place, rule, around)
  if (!around.projectOf(place.projectChannelId) && !conversation)
    return (await around.hasConversation(press.channelId)) ? { kind: 'refuse', interaction, text: unlinkedPressText() } : PASS
  if (!conversation) return { kind: 'refuse', interaction, text: deadButtonText() }
  const isManaging = rule?.deed === 'set-up' || rule?.deed === 'log-in'
  const deed = isManaging ? rule.deed : rule ? 'revoke' : 'press'
  if (!may(deed, access)) return { kind: 'refuse', interaction, text: notAllowedText(deed) }
  const modal = modalOf(press.customId)
  const isSent = press.words !== undefined || press.files !== undefined
  if (modal && !isSent) return { kind: 'show-modal', interaction, modal }
  const { recorded, ...beside } = withoutSecrets(press, modal)
  const request = { kind: 'pressed', press: recorded } as const
  const accepted = record({ key: `press:${press.id}`, request, conversation, at: around.now() })
  return { ...accepted, ...beside, answer: { kind: 'acknowledge', interaction } }
}

/** What of a press may stand in a row: all of it, unless its modal has asked for secrets (`app/unrecorded-words.ts`). */
function withoutSecrets(
  { fields, ...press }: ButtonPress,
  modal: Modal | undefined,
): { readonly recorded: ButtonPress } & Pick<Recorded, 'unrecorded'> {
  if (modal?.secrets === undefined) return { recorded: press }
  const words = fields ?? [press.words ?? '']
  return { recorded: { ...press, words: '' }, unrecorded: { pressId: press.id, words } }
}

/** Of the command in whose answer it stands, if that command works outside of conversations, too. */
function ruleOfAnswer({ customId }: ButtonPress, { commands }: Surroundings): CommandRule | undefined {
  const { action } = readButton(customId)
  return [...commands.values()].find(({ where, buttons = {} }) => OUTSIDE.includes(where) && Object.hasOwn(buttons, action))
}

const OUTSIDE: readonly CommandRule['where'][] = ['channel-or-thread', 'anywhere']

async function judgeCommand({ command, place, access }: Event<'command'>, around: Surroundings): Promise<Verdict> {
  const { name } = command
  const interaction = { id: command.id, token: command.token }
  const refuse = (text: string): Verdict => ({ kind: 'refuse', interaction, text })
  const rule = around.commands.get(name)
  if (!around.projectOf(place.projectChannelId) && rule?.where !== 'anywhere') return PASS
  if (!may(rule?.deed ?? 'command', access)) return refuse(notAllowedText(rule?.deed))
  if (!rule) return refuse(unknownCommandText(name))
  // A message in the project channel has the id of the thread that was opened from it.
  const threadId = place.inThread ? place.channelId : command.target?.id
  const ofThread = threadId === undefined ? undefined : await knownConversation(place, threadId, around)
  const conversation = ofThread ?? conversationOutside(command, place, rule, around)
  if (!conversation) return refuse(needsThreadText(name))
  const request = { kind: 'command', command } as const
  const accepted = record({ key: `command:${command.id}`, request, conversation, at: around.now(), needsReceipt: true })
  return { ...accepted, answer: { kind: 'defer', interaction, visibility: rule.visibility } }
}

/** Where nothing is ours, another machine may answer. */
function judgeAutocomplete({ query, place, access }: Event<'autocomplete'>, { commands, projectOf }: Surroundings): Verdict {
  const project = projectOf(place.projectChannelId)
  const rule = commands.get(query.name)
  if (!project && rule?.where !== 'anywhere') return PASS
  const isAllowed = may(rule?.deed ?? 'command', access)
  return { kind: 'propose', query, directory: isAllowed ? (project?.directory ?? NO_FOLDER) : undefined }
}

const record = (...accept: readonly Acceptance[]): Recorded => ({ kind: 'record', accept, cursors: [] })

/** Where the message belongs; undefined when it is not for us. `begins`: the conversation need not be known. */
async function conversationOfMessage(
  message: IncomingMessage,
  access: AccessFacts,
  around: Surroundings,
  begins: boolean,
): Promise<ConversationPlace | undefined> {
  if (!may('speak', access)) return undefined
  const id = message.inThread ? message.channelId : message.id
  return begins ? conversationAt(message, id, around) : knownConversation(message, id, around)
}

async function knownConversation(place: Place, id: string, around: Surroundings): Promise<ConversationPlace | undefined> {
  const conversation = conversationAt(place, id, around)
  return conversation && (await around.hasConversation(id)) ? conversation : undefined
}

function conversationAt(place: Place, id: string, { projectOf }: Surroundings): ConversationPlace | undefined {
  const project = projectOf(place.projectChannelId)
  if (!project) return undefined
  const { guildId, channelId, directory } = project
  return { id, guildId, channelId, directory, inThread: place.inThread }
}

/** Of commands that work where no conversation is; undefined: this one does not. */
function conversationOutside(
  { guildId, channelId }: { readonly guildId: string; readonly channelId: string },
  place: Place,
  rule: CommandRule | undefined,
  around: Surroundings,
): ConversationPlace | undefined {
  const ofChannel = rule && OUTSIDE.includes(rule.where) ? conversationOfChannel(place, around) : undefined
  if (ofChannel || rule?.where !== 'anywhere') return ofChannel
  // Of its own: the channel may become a project's later, and has a conversation in the folder of that project then.
  return { id: `set-up:${channelId}`, guildId, channelId, directory: NO_FOLDER, inThread: false }
}

/** Where no project is. */
const NO_FOLDER = ''

/**
 * The conversation that takes commands where there is none: it has the id of the project channel. No message belongs to it, since one
 * in the channel begins a conversation of its own; a conversation with the id of the thread would make the bot listen to that thread.
 */
function conversationOfChannel(place: Place, around: Surroundings): ConversationPlace | undefined {
  const conversation = conversationAt(place, place.projectChannelId, around)
  return conversation && { ...conversation, inThread: true }
}

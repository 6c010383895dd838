/** Finds out how the bot stands for one thread, so that `why` can name what holds it up. Asks Discord twice, and never for long, or not at all. */
import { ChatForbidden } from '../../base/errors.ts'
import { timeOfSnowflake } from '../../base/ids.ts'
import type { Clock } from '../../base/clock.ts'
import { withDeadline } from '../../base/sleep.ts'
import { why, type Finding } from '../../domain/conversation/inquiry/why.ts'
import type { Standing } from '../../domain/conversation/inquiry/standing.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Settings } from '../../domain/settings.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { LoadedConversation, StorePort } from '../../ports/store.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { Intake } from '../intake/intake.ts'
import type { UnderWay } from '../conversation/under-way.ts'

const DEADLINE_MS = 2000
/** The gateway may be telling it just now. */
const ON_ITS_WAY_MS = 2000
/** What came a moment ago is being taken up. */
const UNTAKEN_AFTER_MS = 5000

export interface InquiryDeps {
  readonly chat: Pick<ChatPort, 'line' | 'inspect' | 'readAfter'>
  readonly store: Pick<StorePort, 'load' | 'cursors'>
  readonly commits: Pick<CommitQueue, 'trouble'>
  readonly intake: Pick<Intake, 'isReadingPast'>
  readonly underWay: Pick<UnderWay, 'of'>
  /** As it is in memory. */
  readonly stateOf: (threadId: string) => Conversation | undefined
  readonly settings: Pick<Settings, 'modelStallMs'>
  readonly clock: Clock
  /** The bot stops. */
  readonly signal: AbortSignal
}

/** Where it is looked for; `on record`: for many threads at once, without a request. */
export type Look = 'everywhere' | 'on record'

/** Why this thread is silent. */
export async function whyOf(deps: InquiryDeps, threadId: string, look: Look = 'everywhere'): Promise<Finding> {
  const loaded = await deps.store.load(threadId)
  const state = deps.stateOf(threadId) ?? loaded.state
  return why(state, await standingOf(deps, { threadId, state, inbox: loaded.inbox, look }))
}

interface Looked {
  readonly threadId: string
  readonly state: Conversation | undefined
  readonly inbox: LoadedConversation['inbox']
  readonly look: Look
}

async function standingOf(deps: InquiryDeps, { threadId, state, inbox, look }: Looked): Promise<Standing> {
  const { chat, commits, intake, underWay, settings, clock } = deps
  const line = chat.line()
  const channelId = state?.channelId ?? threadId
  const asked = line.kind === 'up' && look === 'everywhere' ? await askDiscord(deps, threadId, channelId) : {}
  return {
    bot: 'runs',
    modelStallMs: settings.modelStallMs,
    lineDown: line.kind === 'down' ? line : undefined,
    recordDown: commits.trouble,
    isReadingPast: intake.isReadingPast({ channelId: threadId, projectChannelId: channelId }),
    untaken: untakenOf(inbox, clock.now()),
    tasks: underWay.of(threadId),
    ...asked,
  }
}

export function untakenOf(inbox: LoadedConversation['inbox'], now: number): NonNullable<Standing['untaken']> {
  const untaken = inbox.filter(({ at, tries }) => tries > 0 || now - at > UNTAKEN_AFTER_MS)
  return { count: untaken.length, error: untaken.findLast(({ error }) => error !== undefined)?.error }
}

/** What Discord does not answer in time stays unknown. */
async function askDiscord(
  { chat, store, clock, signal }: InquiryDeps,
  threadId: string,
  channelId: string,
): Promise<Pick<Standing, 'unseen' | 'isHidden' | 'missing'>> {
  const cursor = (await store.cursors()).get(threadId) ?? threadId
  const asked = Promise.all([chat.inspect(channelId), chat.readAfter(threadId, cursor)])
  const [channel, page] = (await withDeadline(asked, DEADLINE_MS, signal, clock)) ?? []
  return {
    isHidden: channel instanceof ChatForbidden || page instanceof ChatForbidden,
    missing: channel === undefined || channel instanceof Error ? [] : channel.missing,
    unseen:
      page === undefined || page instanceof Error
        ? []
        : page.messages.map(({ message }) => message.id).filter((id) => clock.now() - timeOfSnowflake(id) > ON_ITS_WAY_MS),
  }
}

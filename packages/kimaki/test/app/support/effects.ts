/** What an effect needs, out of fakes: nothing was accepted a moment ago, and no row is on record. */
import { fakeGit } from './fake-git.ts'
import { UnderWay } from '../../../src/app/conversation/under-way.ts'
import { onlyOnce, Setup } from '../../../src/app/projects/setup.ts'
import { Places } from '../../../src/app/places.ts'
import { Retry } from '../../../src/app/retry.ts'
import type { ConversationHandle } from '../../../src/app/conversation/handle.ts'
import type { EffectDeps } from '../../../src/app/effects/definition.ts'
import { UsageError } from '../../../src/base/errors.ts'
import { KeyedSerialQueue } from '../../../src/base/serial.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { manualClock, type ManualClock } from './clock.ts'
import { FakeChanges, fakeDiffs } from './fake-changes.ts'
import { FakeAgent } from './fake-agent.ts'
import { FakeChat } from './fake-chat.ts'
import { fakeFolders } from './fake-folders.ts'
import { FakeTranscriber } from './fake-transcriber.ts'
import { fakeShell, type FakeShell } from './fake-shell.ts'
import { logInto } from './harness.ts'

const NO_FOLDERS = {
  all: () => [],
  knows: async () => undefined,
  decide: async () => ({ directory: '', isTrusted: true, programs: [] }),
  welcomed: () => true,
  welcome: async () => undefined,
}
const NO_PROJECTS = { of: () => undefined, all: () => [], link: async () => undefined, unlink: async () => undefined }

export interface TestEffects {
  readonly deps: EffectDeps
  readonly chat: FakeChat
  readonly agent: FakeAgent
  readonly shell: FakeShell
  readonly clock: ManualClock
  readonly lines: string[]
  stop(): void
}

export function testEffects(own: Partial<EffectDeps> = {}): TestEffects {
  const clock = manualClock()
  const chat = new FakeChat()
  const agent = new FakeAgent(clock)
  const shell = fakeShell()
  const lines: string[] = []
  const stopping = new AbortController()
  const deps: EffectDeps = {
    chat,
    git: fakeGit(),
    accessOf: async (guildId, userId) => chat.accessOf(guildId, userId),
    agent,
    setup: new Setup({
      chat,
      agent,
      store: { installId: 'i', folders: NO_FOLDERS, openConversations: async () => [], load: async () => ({}) as never },
      projects: NO_PROJECTS,
      folders: fakeFolders(),
      accept: async () => undefined,
      now: () => clock.now(),
      patiently: onlyOnce,
      onLinked: () => undefined,
    }),
    unrecorded: { of: () => undefined, forget: () => undefined },
    shell,
    accounts: { read: () => ({ providers: [], order: [] }) },
    files: {
      ownerOf: () => undefined,
      old: async () => ({ files: 0, bytes: 0 }),
      deleteOld: async () => undefined,
      saveAttachment: async () => undefined,
      saveUpload: async () => undefined,
      read: async () => undefined,
      remove: async () => undefined,
    },
    diffs: fakeDiffs(new FakeChanges(), { saveAttachment: async () => undefined }),
    audit: { write: async () => undefined },
    transcriber: new FakeTranscriber(),
    store: {
      conversationOfRequest: async () => undefined,
      conversationOfSession: async () => undefined,
      hasConversation: async () => false,
    },
    commits: { commit: async () => [] },
    clock,
    log: logInto(lines),
    retry: new Retry(clock, stopping.signal),
    places: new Places(clock, stopping.signal),
    settings: DEFAULT_SETTINGS,
    recentlyAccepted: { has: () => false },
    recentlyReceived: { has: () => false },
    bind: () => undefined,
    accept: () => undefined,
    inquiry: {
      boards: { textFor: async () => '', pin: async () => '', unpin: async () => '' },
      why: async () => ({ kind: 'idle' }),
      where: async () => ({ kind: 'ours' }),
    },
    underWay: new UnderWay(clock),
    beginning: new KeyedSerialQueue(),
    tasks: {
      list: async () => [],
      change: async () => new UsageError({ reason: 'no tasks here' }),
      runNow: async () => new UsageError({ reason: 'no tasks here' }),
      draft: async () => new UsageError({ reason: 'no tasks here' }),
      times: async () => [],
    },
    offers: { read: async () => ({ agents: [], commands: [] }) },
    ...own,
  }
  return { deps, chat, agent, shell, clock, lines, stop: () => stopping.abort() }
}

export interface TestHandle extends ConversationHandle {
  readonly inputs: Input[]
}

/** A conversation that keeps what it is told. */
export function handleOf(state: Conversation | undefined): TestHandle {
  const inputs: Input[] = []
  return {
    id: state?.id ?? '1',
    state,
    inputs,
    push: (input) => void inputs.push(input),
    recordEvents: () => ({ events: [], end: () => undefined }),
  }
}

/** Gathers the words that somebody who speaks in a thread may mean. Nobody waits long for them: without them speech is written down as well. */
import { withDeadline } from '../../../base/sleep.ts'
import type { Transcribe } from '../../../domain/conversation/features/voice/voice.ts'
import { vocabularyOf } from '../../../domain/message/voice/vocabulary.ts'
import type { EffectDeps } from '../definition.ts'

/** It is gathered while the recording is fetched, which takes as long. */
const PATIENCE_MS = 1000
/** An agent that is called by its name is worth a start of OpenCode. */
const AGENTS_MS = 10_000
const MESSAGES_LOOKED_AT = 15

export async function knownWords(deps: EffectDeps, { directory, session }: Transcribe): Promise<string> {
  const [agents = [], said = [], files = []] = await Promise.all([
    soon(deps, agentsOf(deps, directory), PATIENCE_MS),
    soon(deps, saidIn(deps, directory, session), PATIENCE_MS),
    soon(deps, deps.git.files(directory), PATIENCE_MS),
  ])
  return vocabularyOf({ agents, said, files })
}

/** Names of the agents that people speak to. */
export async function agentsOf(deps: EffectDeps, directory: string): Promise<readonly string[]> {
  const offered = await soon(deps, deps.offers.read(directory), AGENTS_MS)
  return offered === undefined || offered instanceof Error ? [] : offered.agents.map(({ name }) => name)
}

async function saidIn({ agent }: EffectDeps, directory: string, session: string | undefined): Promise<readonly string[]> {
  const transcript = session === undefined ? undefined : await agent.sessions.transcript(directory, session, MESSAGES_LOOKED_AT)
  if (transcript === undefined || transcript instanceof Error) return []
  return transcript.messages.map(({ words }) => words)
}

/** Undefined: not in time, or not at all. */
async function soon<T>({ retry, clock }: EffectDeps, promise: Promise<T>, ms: number): Promise<T | undefined> {
  return withDeadline(
    promise.catch(() => undefined),
    ms,
    retry.signal,
    clock,
  )
}

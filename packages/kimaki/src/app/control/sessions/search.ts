/** Looks for words in the titles of sessions, and in what was said in those used last. */
import { mapConcurrently } from '../../../base/concurrent.ts'
import { boundaryBefore, oneLine } from '../../../base/text.ts'
import type { Transcript } from '../../../domain/agent.ts'
import type { SessionRecord } from '../../../domain/conversation/inquiry/session-record.ts'
import type { AgentPort } from '../../../ports/agent.ts'
import type { StorePort } from '../../../ports/store.ts'

export interface Hit extends SessionRecord {
  /** At most three, each a line. */
  readonly snippets: readonly string[]
}

/** Titles of so many sessions, and what was said in so many of them, the ones used last. */
const TITLES = 1000
const READ = 50
const SNIPPETS = 3
const AROUND = 60
const AT_ONCE = 4

export async function searchSessions(
  { store, agent }: { readonly store: Pick<StorePort, 'sessions'>; readonly agent: Pick<AgentPort, 'sessions'> },
  { words, directory, limit }: { readonly words: string; readonly directory: string | undefined; readonly limit: number },
): Promise<readonly Hit[]> {
  const sessions = await store.sessions({ directory, limit: TITLES })
  const wanted = words.toLowerCase()
  const said = await mapConcurrently(sessions.slice(0, READ), AT_ONCE, async (session) => {
    const read = await agent.sessions.transcript(session.directory, session.sessionId)
    // Deleted outside Kimaki, or its folder is gone: nothing is found there.
    return read instanceof Error ? [] : snippetsIn(read, wanted)
  })
  const hits = sessions.map((session, index) => ({ ...session, snippets: said[index] ?? [] }))
  return hits.filter(({ title, snippets }) => snippets.length > 0 || title.toLowerCase().includes(wanted)).slice(0, limit)
}

export function snippetsIn({ messages }: Transcript, wanted: string): readonly string[] {
  const texts = messages.flatMap((message) =>
    message.kind === 'user' ? [message.words] : message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
  )
  const found: string[] = []
  for (const text of texts) {
    const at = text.toLowerCase().indexOf(wanted)
    if (at !== -1) found.push(snippet(text, at, wanted.length))
    if (found.length === SNIPPETS) break
  }
  return found
}

function snippet(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(at - AROUND, 0), Math.min(at + length + AROUND, text.length)]
  const piece = text.slice(boundaryBefore(text, from), boundaryBefore(text, to))
  return `${from > 0 ? '…' : ''}${oneLine(piece)}${to < text.length ? '…' : ''}`
}

/** From when on a log-in counts: OpenCode reads keys with its configuration, and would stop every run of the project to read it again. */
import type { Outside } from '../declaration.ts'

export async function countsText({ agent, store }: Pick<Outside, 'agent' | 'store'>, directory: string): Promise<string> {
  const renewed = await agent.logIns.renew(directory)
  if (renewed instanceof Error) return 'It counts when OpenCode has started again.'
  if (renewed.counts === 'now') return 'It counts from now on.'
  const threads = await Promise.all(renewed.sessions.map((session) => store.conversationOfSession(session)))
  const links = [...new Set(threads.flatMap((thread) => (thread === undefined ? [] : `<#${thread}>`)))]
  return `It counts when ${whatRuns(links)} ended, from the next message on: nothing is stopped for it.`
}

function whatRuns(threads: readonly string[]): string {
  if (threads.length === 0) return 'what runs in this project has'
  return threads.length === 1 ? `the run in ${threads[0]} has` : `the runs in ${threads.slice(0, SHOWN).join(', ')} have`
}

const SHOWN = 5

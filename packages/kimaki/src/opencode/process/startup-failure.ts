/** What a server that ended at its start has said. Pure. The excerpts of files that OpenCode prints are left out: they may hold keys. */
import { stripVTControlCharacters } from 'node:util'
import type { AgentFailureReason } from '../../ports/agent.ts'

/** A broken global configuration is all that makes OpenCode say more than one line. */
export function lastWords(output: string): AgentFailureReason {
  const said = stripVTControlCharacters(output)
  const file = /^Error: (?:Config file at (.+) is not valid JSON|Configuration is invalid at (.+)$)/m.exec(said)
  if (file) {
    const places = said.match(/^\w+ at line \d+, column \d+$|(?<=^↳ ).+$/gm) ?? ['invalid']
    return { kind: 'config', file: file[1] ?? file[2] ?? '', reason: [...new Set(places)].join('; ') }
  }
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const error = lines.find((line) => line.startsWith('Error: ')) ?? lines.at(-1) ?? 'it said nothing'
  return { kind: 'unavailable', message: `OpenCode ended at its start: ${error.trim().slice(0, 300)}` }
}

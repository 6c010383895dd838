/** What OpenCode's error answers mean for us. Pure. Shapes seen in 1.18.33; see test/opencode/refusal.test.ts. */
import type { AgentFailureReason } from '../../ports/agent.ts'
import { list, record, text } from './json.ts'

export function refusalOf(status: number, body: unknown): AgentFailureReason {
  const { name, data: dataValue, message } = record(body)
  const data = record(dataValue)
  const said = text(data['message']) ?? text(message)
  if (text(name)?.startsWith('Config')) {
    return { kind: 'config', file: text(data['path']) ?? 'opencode.json', reason: configReason(data['issues'], said) }
  }
  if (status === 404 && said?.startsWith('Session not found')) return { kind: 'session-gone' }
  return { kind: 'refused', status, message: said ?? text(data['ref']) ?? text(name) ?? '' }
}

/** Where and what, without the excerpt of the file that OpenCode quotes: it may hold keys. */
function configReason(issues: unknown, said: string | undefined): string {
  const named = list(issues).map((value) => {
    const issue = record(value)
    const path = list(issue['path']).join('.')
    return path === '' ? (text(issue['message']) ?? '') : `${path}: ${text(issue['message']) ?? 'invalid'}`
  })
  if (named.length > 0) return named.join('; ')
  if (said === undefined) return 'invalid'
  const places = said.match(/^\w+ at line \d+, column \d+$/gm)
  return places ? places.join('; ') : (said.trim().split('\n')[0] ?? 'invalid')
}

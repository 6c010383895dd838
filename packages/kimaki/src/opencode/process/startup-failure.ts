/** Why a server ended at its start, read from its output. Pure. The excerpts of files that OpenCode prints are left out: they may hold keys. */
import { AgentUnavailable, ConfigBroken } from '../../base/errors.ts'
import { stripControl } from '../../base/text.ts'

/** Only a broken global configuration makes OpenCode print more than one line. */
export function parseStartupFailure(output: string): ConfigBroken | AgentUnavailable {
  const plain = stripControl(output)
  const file = /^Error: (?:Config file at (.+) is not valid JSON|Configuration is invalid at (.+)$)/m.exec(plain)
  if (file) {
    const places = plain.match(/^\w+ at line \d+, column \d+$|(?<=^↳ ).+$/gm) ?? ['invalid']
    return new ConfigBroken({ file: file[1] ?? file[2] ?? '', reason: [...new Set(places)].join('; ') })
  }
  if (isPortTaken(output)) {
    return new AgentUnavailable({
      reason:
        'OpenCode ended at its start: another program took its port first. If it happens again, see which program does (ss -ltnp)',
    })
  }
  const lines = plain.split('\n').filter((line) => line.trim() !== '')
  const error = lines.find((line) => line.startsWith('Error: ')) ?? lines.at(-1) ?? 'it said nothing'
  return new AgentUnavailable({ reason: `OpenCode ended at its start: ${error.trim().slice(0, 300)}` })
}

export const isPortTaken = (output: string): boolean => /^ServeError\b/m.test(stripControl(output))

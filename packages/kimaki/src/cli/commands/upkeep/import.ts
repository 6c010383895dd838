/** `kimaki import`: takes over what the older Kimaki has on record. Without `--apply` it only says what that would be. */
import { jsonForTerminal } from '../../../base/text.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const importOlder = defineCliCommand({
  usage: 'import',
  description: "take over channels, threads, settings and the token of the older Kimaki's database; without --apply only shown",
  examples: ['kimaki import --from ~/.kimaki/discord-sessions.db', 'kimaki import --apply'],
  options: {
    from: { flag: '--from <path>', description: 'its discord-sessions.db (default: the one in the data folder)' },
    apply: { flag: '--apply', description: 'take it over; no kimaki may run meanwhile' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, options: { from = config.database, apply = false, json }, print }) {
    const { carryOut, dryRun } = await import('../../import/take-over.ts')
    const imported = await (apply ? carryOut : dryRun)(config, from)
    if (imported instanceof Error) return imported
    const { plan, untrusted } = imported
    const { reportLines } = await import('../../import/report.ts')
    if (json) print(jsonForTerminal({ from, applied: apply, items: plan.items, untrusted }, 2))
    else for (const line of reportLines(from, imported, apply)) print(line)
    return EXIT_OK
  },
  routes: {},
})

/** `kimaki upgrade`: says which version is the newest and what would install it; with `--apply` installs it and starts the bot anew. */
import packageJson from '../../../../package.json' with { type: 'json' }
import { jsonForTerminal } from '../../../base/text.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const ANSWER_MS = 10_000

export const upgrade = defineCliCommand({
  usage: 'upgrade',
  description: 'ask the registry for a newer kimaki; without --apply only shown',
  examples: ['kimaki upgrade', 'kimaki upgrade --apply'],
  options: {
    apply: { flag: '--apply', description: 'install it, and start the running bot anew' },
    skipRestart: { flag: '--skip-restart', description: 'leave the running bot as it is' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, options: { apply = false, skipRestart = false, json }, print }) {
    const { createUpgrade } = await import('../../upgrade/npm.ts')
    const { current, ...port } = createUpgrade({
      current: packageJson.version,
      environment: config.environment,
      script: process.argv[1] ?? '',
      restart: () => undefined,
    })
    const found = await port.look()
    if (found instanceof Error) return found
    const isNewest = found.latest === current
    const tell = json ? () => undefined : print
    tell(isNewest ? `kimaki ${current} is the newest.` : `kimaki ${current} is installed, ${found.latest} is the newest.`)
    if (!isNewest) tell(apply ? `Running: ${found.command}` : `This would run: ${found.command}`)
    if (!isNewest && !apply) tell('Nothing was changed. Run the same with --apply.')
    const isDue = apply && !isNewest
    const failed = isDue ? await port.install(found.latest) : undefined
    if (failed) return failed
    const restarted = isDue && !skipRestart ? await restartBot(config.dataDir) : undefined
    if (isDue) tell([`kimaki ${found.latest} is installed.`, restarted].filter(Boolean).join(' '))
    if (json) print(jsonForTerminal({ ...found, installed: isDue, ...(restarted !== undefined && { restart: restarted }) }))
    return EXIT_OK
  },
  routes: {
    'POST /restart': async (_body, bot) => bot.restart() ?? {},
  },
})

/** What became of the bot, as a sentence. */
async function restartBot(dataDir: string): Promise<string> {
  const { callControl } = await import('../../control/call.ts')
  const answer = await callControl({ dataDir, method: 'POST', path: '/restart', body: {}, timeoutMs: ANSWER_MS })
  if (answer.kind === 'nobody') return 'No bot runs that would have to start anew.'
  if (answer.kind === 'answer' && answer.status === 200) return 'The bot starts anew; runs go on meanwhile.'
  return 'The running bot could not be told to start anew: end it, and start kimaki again.'
}

/**
 * `kimaki bot status` and `kimaki status`: does the bot run, is it connected, and what goes on, as lines, as JSON or as a page that the bot
 * serves on this machine. 75 while it does not run.
 */
import { jsonForTerminal } from '../../../base/text.ts'
import type { StatusReport } from '../../../domain/conversation/inquiry/status-report.ts'
import { composedOf, defineCliCommand, type CliCall } from '../../command.ts'
import { EXIT_OK, EXIT_TEMPORARY } from '../../status.ts'

const OPTIONS = { json: { flag: '--json', description: 'as JSON' } } as const

export const botStatus = defineCliCommand({
  usage: 'bot status',
  description: 'say whether the bot runs and is connected to Discord; 75 when it does not run',
  examples: ['kimaki bot status --json'],
  options: OPTIONS,
  run: async (call) => tell(call, (report) => [botLine(report)]),
  routes: {
    'GET /standing': async (_body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { reportOf } = await import('../../status-page/report.ts')
      return reportOf(composed, Date.now())
    },
  },
})

export const status = defineCliCommand({
  usage: 'status',
  description: 'say what goes on: the bot, its projects, sessions and OpenCode servers; 75 when it does not run',
  examples: ['kimaki status', 'kimaki status --json', 'kimaki status --open'],
  options: {
    ...OPTIONS,
    open: { flag: '--open', description: 'as a page in your browser, which renews itself' },
    print: { flag: '--print', description: 'print the link of that page, and open nothing; it is good for one tab' },
  },
  async run(call) {
    const { config, options, print } = call
    if (!options.open && !options.print) return tell(call, linesOf)
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const served = await askRunningBot<{ readonly link: string }>(config, { method: 'POST', path: '/status-page' })
    if (served instanceof Error) return served
    print(options.json ? jsonForTerminal(served) : served.link)
    const isWatched = process.stdout.isTTY && !options.json && !options.print
    if (isWatched) (await import('../../projects/open-address.ts')).openAddress(served.link)
    return EXIT_OK
  },
  routes: {
    'POST /status-page': async (_body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { systemClock } = await import('../../../base/clock.ts')
      const { reportOf } = await import('../../status-page/report.ts')
      const { serveStatus } = await import('../../status-page/server.ts')
      const { statusPage } = await import('../../../view/status/page.ts')
      const render = async (): Promise<string> => statusPage(await reportOf(composed, systemClock.now())).html
      const server = await composed.kept.once('status', async () => serveStatus(render, systemClock))
      return server instanceof Error ? server : { link: server.link() }
    },
  },
})

const linesOf = (report: StatusReport): readonly string[] => {
  const { projects, sessions, opencode } = report
  return [
    botLine(report),
    `projects: ${projects}`,
    `sessions: ${sessions.working} working, ${sessions.asking} waiting for a person, ${sessions.known} known`,
    ...opencode.map(({ pid, port, busy }) => `OpenCode server: process ${pid}, port ${port}, busy with ${busy}`),
  ]
}

const botLine = ({ pid, connected, reason }: StatusReport): string =>
  connected ? `kimaki runs (process ${pid}), connected to Discord` : `kimaki runs (process ${pid}), not connected: ${reason}`

async function tell(
  { config, options, print }: Pick<CliCall<typeof OPTIONS>, 'config' | 'options' | 'print'>,
  lines: (report: StatusReport) => readonly string[],
): Promise<number | Error> {
  const { askBotOr } = await import('../../control/ask-bot.ts')
  const report = await askBotOr<StatusReport | undefined>(config, { method: 'GET', path: '/standing' }, () => undefined)
  if (report instanceof Error) return report
  if (options.json) print(jsonForTerminal({ running: report !== undefined, ...report }))
  else for (const line of report ? lines(report) : [`kimaki does not run on ${config.dataDir}`]) print(line)
  return report ? EXIT_OK : EXIT_TEMPORARY
}

/** `kimaki bot status` and `kimaki status`: does the bot run, is it connected, and what goes on. 75 while it does not run. */
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand, type CliCall } from '../../command.ts'
import { EXIT_OK, EXIT_TEMPORARY } from '../../status.ts'

interface Standing {
  readonly pid: number
  /** The line to Discord. */
  readonly connected: boolean
  /** Why it is not. */
  readonly reason: string | null
  readonly projects: number
  readonly sessions: { readonly working: number; readonly asking: number; readonly known: number }
  readonly opencode: readonly { readonly pid: number; readonly port: number; readonly busy: number }[]
}

const OPTIONS = { json: { flag: '--json', description: 'as JSON' } } as const
const KNOWN = 10_000

export const botStatus = defineCliCommand({
  usage: 'bot status',
  description: 'say whether the bot runs and is connected to Discord; 75 when it does not run',
  examples: ['kimaki bot status --json'],
  options: OPTIONS,
  run: async (call) => tell(call, (standing) => [botLine(standing)]),
  routes: {
    'GET /standing': async (_body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { chat, projects, store, agent } = composed
      const line = chat.line()
      const sessions = await store.sessions({ limit: KNOWN })
      const count = (state: string): number => sessions.filter((one) => one.state === state).length
      const servers = await agent.servers()
      const standing: Standing = {
        pid: process.pid,
        connected: line.kind === 'up',
        reason: line.kind === 'up' ? null : line.reason,
        projects: projects.all().length,
        sessions: { working: count('working'), asking: count('asking'), known: sessions.length },
        opencode: servers.map(({ pid, port, busy }) => ({ pid, port, busy })),
      }
      return standing
    },
  },
})

export const status = defineCliCommand({
  usage: 'status',
  description: 'say what goes on: the bot, its projects, sessions and OpenCode servers; 75 when it does not run',
  examples: ['kimaki status', 'kimaki status --json'],
  options: OPTIONS,
  run: async (call) =>
    tell(call, (standing) => {
      const { projects, sessions, opencode } = standing
      return [
        botLine(standing),
        `projects: ${projects}`,
        `sessions: ${sessions.working} working, ${sessions.asking} waiting for a person, ${sessions.known} known`,
        ...opencode.map(({ pid, port, busy }) => `OpenCode server: process ${pid}, port ${port}, busy with ${busy}`),
      ]
    }),
  routes: {},
})

const botLine = ({ pid, connected, reason }: Standing): string =>
  connected ? `kimaki runs (process ${pid}), connected to Discord` : `kimaki runs (process ${pid}), not connected: ${reason}`

async function tell(
  { config, options, print }: CliCall<typeof OPTIONS>,
  linesOf: (standing: Standing) => readonly string[],
): Promise<number | Error> {
  const { askBotOr } = await import('../../control/ask-bot.ts')
  const standing = await askBotOr<Standing | undefined>(config, { method: 'GET', path: '/standing' }, () => undefined)
  if (standing instanceof Error) return standing
  if (options.json) print(jsonForTerminal({ running: standing !== undefined, ...standing }))
  else for (const line of standing ? linesOf(standing) : [`kimaki does not run on ${config.dataDir}`]) print(line)
  return standing ? EXIT_OK : EXIT_TEMPORARY
}

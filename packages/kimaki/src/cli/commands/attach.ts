/** `kimaki attach <session>`: opens a session of a thread in OpenCode's own terminal, on the server where it runs. */
import type { RememberedServer } from '../../ports/agent.ts'
import { composedOf, defineCliCommand } from '../command.ts'

export const attach = defineCliCommand({
  usage: 'attach <session>',
  description: "open a thread's session in OpenCode's terminal (its id: /session-id)",
  examples: ['kimaki attach ses_abc'],
  options: {},
  async run({ config, args: [session = ''] }) {
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const servers = await throughBotOrStore<readonly RememberedServer[]>(config, {
      call: { method: 'GET', path: '/opencode-servers' },
      withStore: async (store) => store.servers.read(),
    })
    if (servers instanceof Error) return servers
    const { openTerminal, serverOf } = await import('../control/attach.ts')
    const found = await serverOf(servers, session)
    return found instanceof Error ? found : openTerminal(found, session, process.env)
  },
  routes: {
    'GET /opencode-servers': async (_body, bot) => {
      const composed = composedOf(bot)
      return composed instanceof Error ? composed : composed.store.servers.read()
    },
  },
})

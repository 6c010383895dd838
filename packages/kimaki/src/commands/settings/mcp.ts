/** `/mcp` lists the MCP servers of a project, with buttons that connect and disconnect them until OpenCode reads its configuration again. */
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button, MessageContent } from '../../domain/conversation/posts/post.ts'
import type { McpServer } from '../../ports/agent.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

/** Discord shows 25 buttons, and a line for each must fit. */
const SERVERS_MAX = 20
/** In the id of its button, which has 100. */
const NAME_IN_ID_MAX = 60
const REASON_MAX = 80

export const mcp: SlashCommand = {
  name: 'mcp',
  description: 'The MCP servers of this project: which are connected, and connecting them (tools, plugins)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  options: [],
  run: () => ({ work: {} }),
  async work({ agent }, { directory, args }) {
    const { name, isOn } = args
    if (typeof name === 'string') {
      const failed = await agent.mcp.connect(directory, name, isOn === true)
      if (failed) return failed
    }
    const servers = await agent.mcp.servers(directory)
    return servers instanceof Error ? servers : { reply: listOf(servers) }
  },
  buttons: {
    'mcp-on': (name) => ({ work: { name, isOn: true } }),
    'mcp-off': (name) => ({ work: { name, isOn: false } }),
  },
}

function listOf(servers: readonly McpServer[]): MessageContent {
  if (servers.length === 0)
    return { text: '⬦ this project has no MCP servers\nThey stand under `mcp` in `opencode.json`.', buttons: [] }
  const shown = servers.slice(0, SERVERS_MAX)
  const more = servers.length > shown.length ? [`… and ${servers.length - shown.length} more`] : []
  return {
    text: ['⬦ MCP servers of this project', ...shown.map(lineOf), ...more].join('\n'),
    buttons: shown.flatMap(buttonOf),
  }
}

const WORDS: Readonly<Record<McpServer['status'], string>> = {
  connected: 'connected',
  disabled: 'not connected',
  failed: 'failed',
  needs_auth: 'wants you to sign in: run `opencode mcp auth` on the machine',
  needs_client_registration: 'wants a client id: set `oauth` of the server in `opencode.json`',
}

const lineOf = ({ name, status, reason }: McpServer): string =>
  `- **${plain(name, NAME_MAX)}**: ${WORDS[status]}${reason === undefined ? '' : `: ${plain(reason, REASON_MAX)}`}`

function buttonOf({ name, status }: McpServer): readonly Button[] {
  if (name.length > NAME_IN_ID_MAX || name.includes('~') || status.startsWith('needs')) return []
  const isOn = status === 'connected'
  return [button(isOn ? 'mcp-off' : 'mcp-on', name, `${isOn ? 'Disconnect' : 'Connect'} ${name}`.slice(0, 80))]
}

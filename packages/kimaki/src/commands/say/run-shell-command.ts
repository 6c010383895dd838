/** `/run-shell-command` is `!`: a command in the shell of the person whose machine it is, in the project's folder. */
import type { SlashCommand } from '../declaration.ts'
import { saying } from './say.ts'

export const runShellCommand: SlashCommand = {
  name: 'run-shell-command',
  description: "Run a command in your shell, in the project's folder (bash, terminal, exec)",
  where: 'channel-or-thread',
  visibility: 'public',
  options: [{ kind: 'string', name: 'command', description: 'As in a terminal', required: true }],
  run: (_state, { options, userName }) => {
    const command = String(options['command'] ?? '').trim()
    return command === '' ? { reply: '✗ nothing to run: the command is empty' } : saying(userName, `!${command}`)
  },
}

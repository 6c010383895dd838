/** `kimaki bot install-url`: the address that invites the bot to a server. */
import { defineCliCommand } from '../../command.ts'
import { printInvite } from '../start.ts'

export const botInstallUrl = defineCliCommand({
  usage: 'bot install-url',
  description: 'print the address that invites the bot to a server',
  examples: ['kimaki bot install-url'],
  options: {},
  run: async ({ config, print }) => printInvite(config, print),
  routes: {},
})

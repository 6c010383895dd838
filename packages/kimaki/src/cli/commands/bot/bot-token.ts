/** `kimaki bot token`: the token of the bot, for other programs of its user. */
import { UsageError } from '../../../base/errors.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const botToken = defineCliCommand({
  usage: 'bot token',
  description: 'print the token of the bot: whoever has it is the bot',
  examples: ['KIMAKI_BOT_TOKEN=$(kimaki bot token) my-script'],
  options: {},
  async run({ config: { token, dataDir }, print }) {
    if (token === undefined)
      return new UsageError({ reason: `No token is known: KIMAKI_BOT_TOKEN is not set, and none is saved in ${dataDir}.` })
    print(token)
    return EXIT_OK
  },
  routes: {},
})

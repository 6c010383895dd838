#!/usr/bin/env node
/** The command line: an emulator with two small guilds, until Ctrl-C. */
import { parseArgs } from 'node:util'
import { startEmulator, type Emulator } from './index.ts'
import { describeRules } from './rules/describe.ts'

const HELP = `discord-emulator [--port N] [--rules]

Starts a Discord on this machine with two guilds and two bots, and prints their addresses, ids and tokens.

  --port N   port of 127.0.0.1 to listen on (default: a free one)
  --rules    print the enforced rules as Markdown, and end
  --help     show this text
`

const OPTIONS = {
  port: { type: 'string', default: '0' },
  rules: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there; choose another or leave --port out',
  EACCES: 'it needs rights you do not have; choose one above 1023',
}

const HINT = `
Give a bot a token, and its client the address of the API:
  discord.js       new Client({ intents, rest: { api } })
  @discordjs/rest  new REST({ api })
  oceanic.js       new Client({ auth: 'Bot …', rest: { baseURL: \`\${api}/v10\` } })
Ctrl-C stops it; nothing is kept.
`

await main()

async function main(): Promise<void> {
  const values = readArguments()
  if (values instanceof Error) return fail(`${values.message.split('. ')[0]}. See discord-emulator --help.`)
  if (values.help) return void process.stdout.write(HELP)
  if (values.rules) return void process.stdout.write(`${describeRules()}\n`)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return fail(`--port must be a number from 0 to 65535, not "${values.port}".`)

  const emulator = await startEmulator({ port }).catch((error: unknown) => error as NodeJS.ErrnoException)
  if (emulator instanceof Error) return fail(`Port ${port} cannot be used (${WHY[emulator.code ?? ''] ?? emulator.message}).`)
  const facts = { api: emulator.apiUrl, ...settle(emulator) }
  process.stdout.write(
    Object.entries(facts)
      .map(([name, value]) => `${name.padEnd(16)}${value}\n`)
      .join(''),
  )

  process.stderr.write(HINT)

  const stop = () => void emulator.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch (error) {
    return error as Error
  }
}

/** `helper` is in both guilds, `clerk` in the second alone. */
function settle({ world }: Emulator): Readonly<Record<string, string>> {
  const [ada, ben] = [world.user('Ada'), world.user('Ben')]
  const workshop = world.guild({ name: 'Workshop', owner: ada })
  const library = world.guild({ name: 'Library', owner: ben })
  library.join(ada)
  const [helper, clerk] = [world.bot({ name: 'helper' }), world.bot({ name: 'clerk' })]
  workshop.addBot(helper)
  for (const bot of [helper, clerk]) library.addBot(bot)
  const [general, desk] = [workshop.textChannel('general'), library.textChannel('desk')]
  ada.send(general.id, 'Welcome to the workshop.')
  ben.send(desk.id, 'Quiet, please.')
  return {
    token: helper.token,
    application: helper.applicationId,
    guild: workshop.id,
    channel: general.id,
    owner: ada.id,
    'library-token': clerk.token,
    'library-guild': library.id,
    'library-channel': desk.id,
    'library-owner': ben.id,
  }
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 64
}

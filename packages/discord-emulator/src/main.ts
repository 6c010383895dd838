#!/usr/bin/env node
/** The command line: an emulator with a small guild, until Ctrl-C. */
import { parseArgs } from 'node:util'
import { startEmulator } from './index.ts'

const HELP = `discord-emulator [--port N]

  --port N   port of 127.0.0.1 to listen on (default: a free one)
  --help     show this text
`

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, help: { type: 'boolean', default: false } } })
  if (values.help) return void process.stdout.write(HELP)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return fail(`--port must be a number from 0 to 65535, not "${values.port}".`)

  const emulator = await startEmulator({ port }).catch((error: unknown) => String(error))
  if (typeof emulator === 'string') return fail(`Port ${port} cannot be used: ${emulator}`)
  const { world } = emulator
  const owner = world.user('Ada')
  const guild = world.guild({ name: 'Workshop', owner })
  const channel = guild.textChannel('general')
  const bot = world.bot({ name: 'helper' })
  guild.addBot(bot)
  owner.send(channel.id, 'Welcome to the workshop.')
  const facts = { api: emulator.apiUrl, token: bot.token, guild: guild.id, channel: channel.id, owner: owner.id }
  process.stdout.write(
    Object.entries(facts)
      .map(([name, value]) => `${name.padEnd(8)}${value}\n`)
      .join(''),
  )

  const stop = () => void emulator.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 64
}

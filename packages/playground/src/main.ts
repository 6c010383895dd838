/** `npm run playground`: starts everything, says where the page is, and leaves nothing behind. */
import { startPlayground } from './playground.ts'

const say = (line = '') => void process.stdout.write(`${line}\n`)

say()
say('  Kimaki playground')
say('  Everything runs on this machine, without an account. Nothing leaves it.')
say()

const starting = startPlayground({
  ports: pagePorts(process.env['PLAYGROUND_PORT']),
  onProgress: (part, what) => say(`  ✓ ${part.padEnd(9)} ${what}`),
})

let ending = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
// A terminal that was closed takes no words any more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
process.on('uncaughtException', (error) => void fail(error))

try {
  const { url, bot } = await starting
  bot.onEvent((event) => {
    if (event.kind === 'failed') process.stderr.write(`\n  ✗ The bot does not start any more. Its last words:\n${event.reason}\n`)
  })
  if (!ending) {
    say()
    say(`  Open  ${url}`)
    say()
    say(`  Ready after ${(performance.now() / 1000).toFixed(1)} s. Ctrl-C ends it all.`)
    say()
  }
} catch (error) {
  if (!ending) await fail(error)
}

/** Whatever has been started so far is awaited and ended; a second Ctrl-C changes nothing. */
async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  say()
  say('  Ending the bot, its OpenCode server and the page ...')
  try {
    const playground = await starting.catch(() => undefined)
    await playground?.stop()
    say('  Nothing is left running.')
  } catch (error) {
    process.stderr.write(`  ${String(error)}\n`)
    process.exit(1)
  }
  process.exit(code)
}

async function fail(error: unknown): Promise<void> {
  process.stderr.write(`\n  ✗ ${error instanceof Error ? error.message : String(error)}\n\n`)
  await end(1)
}

/** Without a wish 8787 or one of the next twenty. */
function pagePorts(wish: string | undefined): readonly number[] {
  if (wish === undefined || wish === '') return Array.from({ length: 20 }, (_, index) => 8787 + index)
  const port = Number(wish)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return [port]
  process.stderr.write(`  PLAYGROUND_PORT must be a port number, but is "${wish}"\n`)
  return process.exit(64)
}

/** `npm run playground`: starts everything, says where the page is, and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { HELP, readWish } from './command-line.ts'

const say = (line = '') => void process.stdout.write(`${line}\n`)

const wish = readWish(process.argv.slice(2), process.env['PLAYGROUND_PORT'])
if (wish.kind === 'help') {
  say(`\n${HELP}`)
  process.exit(0)
}
if (wish.kind === 'wrong') {
  process.stderr.write(`  ${wish.reason} "npm run playground -- --help" lists what there is.\n`)
  process.exit(64)
}

say()
say('  Kimaki playground')
say('  Everything runs on this machine, without an account. Nothing leaves it.')
say()

// Its parts take a second to load: the lines above stand before.
const starting = import('./playground.ts').then(async ({ startPlayground }) =>
  startPlayground({ ports: wish.ports, onProgress: (part, what) => say(`  ✓ ${part.padEnd(9)} ${what}`) }),
)

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
    if (wish.open) openInBrowser(url)
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

/** The address stands above in any case: where there is no browser nothing more is said. */
function openInBrowser(url: string): void {
  const [program, ...args] = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] }[
    process.platform as string
  ] ?? ['xdg-open']
  if (program === undefined) return
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => say('  No browser could be opened: open the address yourself.'))
  child.unref()
}

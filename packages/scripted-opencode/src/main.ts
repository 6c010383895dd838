/**
 * The program: `serve --hostname 127.0.0.1 --port 4096`, with the password in `OPENCODE_SERVER_PASSWORD`. It handles no signal: what
 * runs in a shell of the agent outlives it, unless it was disposed before.
 */
import { flushCompileCache } from 'node:module'
import { ConfigError, userConfig } from './config/load.ts'
import { list, record, text } from './base/json.ts'
import { createServer } from './serve/create.ts'
import { listen } from './serve/listen.ts'

const RED = '\u001b[91m\u001b[1mError: \u001b[0m'
/** Tried first where the port is to be any. */
const USUAL_PORT = 4096

await main()

async function main(): Promise<void> {
  const [command, ...options] = process.argv.slice(2)
  if (command !== 'serve') return fail(`Unexpected error\n\nscripted-opencode knows "serve" only`)
  const user = userConfig(process.env)
  if (user instanceof ConfigError) return fail(broken(user))
  const { OPENCODE_SERVER_PASSWORD: password } = process.env
  if (password === undefined) console.log('Warning: OPENCODE_SERVER_PASSWORD is not set; server is unsecured.')
  const server = createServer({ ...process.env }, user)
  const hostname = valueOf(options, '--hostname') ?? '127.0.0.1'
  const port = Number(valueOf(options, '--port') ?? 0)
  const open = (wanted: number) => listen(server, { hostname, port: wanted, password })
  const http = await (port === 0 ? open(USUAL_PORT).catch(() => open(0)) : open(port)).catch(() => undefined)
  const address = http?.address()
  if (typeof address !== 'object' || !address) return fail('Unexpected error\n\nServeError')
  console.log(`opencode server listening on http://${hostname}:${address.port}`)
  // Written now, since a process that is killed does not come to it.
  flushCompileCache()
}

/** `--name value` or `--name=value`. */
function valueOf(options: readonly string[], name: string): string | undefined {
  const at = options.indexOf(name)
  return at < 0 ? options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1) : options[at + 1]
}

function fail(message: string): void {
  console.error(RED + message)
  process.exitCode = 1
}

function broken({ name, data }: ConfigError): string {
  if (name === 'ConfigJsonError') return `Config file at ${String(data['path'])} is not valid JSON(C): ${String(data['message'])}`
  const issues = list(data['issues']).map(record)
  const lines = issues.map(({ message, path }) => `↳ ${text(message) ?? ''} ${list(path).join('.')}`)
  return [`Configuration is invalid at ${String(data['path'])}`, ...lines, text(data['message']) ?? ''].join('\n')
}

/** `kimaki logs`: the end of the log file, one JSON object a line; needs no bot. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { UsageError } from '../../../base/errors.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const USUAL = '100'
const MOST = 100_000
const LOOK_MS = 250

export const logs = defineCliCommand({
  usage: 'logs',
  description: 'print the end of the log, one JSON object a line',
  examples: ['kimaki logs --follow | jq -r .msg'],
  options: {
    lines: { flag: '-n, --lines <n>', description: `so many of its last lines (default: ${USUAL})` },
    follow: { flag: '--follow', description: 'go on with what is written from now on, until Ctrl-C' },
  },
  async run({ config, options, print }) {
    const lines = Number(options.lines ?? USUAL)
    if (!Number.isInteger(lines) || lines < 0 || lines > MOST)
      return new UsageError({ reason: `--lines must be a whole number between 0 and ${MOST}; it is "${options.lines}".` })
    const file = join(config.dataDir, 'kimaki.log')
    if (!existsSync(file)) return new UsageError({ reason: `There is no ${file}: kimaki has not run on this data folder.` })
    const text = readFileSync(file, 'utf8')
    for (const line of lastLines(text, lines)) print(line)
    if (options.follow) await follow(file, Buffer.byteLength(text), print)
    return EXIT_OK
  },
  routes: {},
})

const lastLines = (text: string, count: number): readonly string[] =>
  count === 0
    ? []
    : text
        .split('\n')
        .filter((line) => line !== '')
        .slice(-count)

/** Until nobody reads any more. A log that was rolled begins anew. */
async function follow(file: string, from: number, print: (line: string) => void): Promise<void> {
  let at = from
  let rest = ''
  while (!process.stdout.destroyed && process.stdout.writable) {
    await pause(LOOK_MS)
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? at
    if (size === at) continue
    if (size < at) [at, rest] = [0, '']
    const handle = openSync(file, 'r')
    const bytes = Buffer.alloc(fstatSync(handle).size - at)
    const read = readSync(handle, bytes, 0, bytes.length, at)
    closeSync(handle)
    at += read
    const lines = (rest + bytes.toString('utf8', 0, read)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(line)
  }
}

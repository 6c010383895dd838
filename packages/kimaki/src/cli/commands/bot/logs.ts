/** `kimaki logs`: the end of the log file, one JSON object a line; needs no bot. */
import { join } from 'node:path'
import { UsageError } from '../../../base/errors.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const USUAL = '100'
const MOST = 100_000

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
    const { follow, lastLines, read } = await import('../../terminal/log-file.ts')
    const text = read(file)
    if (text === undefined) return new UsageError({ reason: `There is no ${file}: kimaki has not run on this data folder.` })
    for (const line of lastLines(text, lines)) print(line)
    if (options.follow) await follow(file, Buffer.byteLength(text), print)
    return EXIT_OK
  },
  routes: {},
})

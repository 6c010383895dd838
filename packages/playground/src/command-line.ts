/** What can be said to `npm run playground -- …`. Pure. */
import { parseArgs } from 'node:util'

export type Wish =
  | { readonly kind: 'start'; readonly ports: readonly number[]; readonly open: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Without a port 8787 or one of the next twenty. */
export function readWish(args: readonly string[], portOfEnvironment: string | undefined): Wish {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    if (values.help === true) return { kind: 'help' }
    const port = values.port ?? (portOfEnvironment === '' ? undefined : portOfEnvironment)
    const open = values.open === true
    if (port === undefined) return { kind: 'start', ports: Array.from({ length: 21 }, (_, index) => 8787 + index), open }
    if (/^\d{1,5}$/.test(port) && Number(port) < 65_536) return { kind: 'start', ports: [Number(port)], open }
    return { kind: 'wrong', reason: `A port is a number from 0 to 65535, but "${port}" is none.` }
  } catch (cause) {
    const [reason = ''] = cause instanceof Error ? cause.message.split('. ') : []
    return { kind: 'wrong', reason: `${reason}.` }
  }
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  port: { type: 'string', short: 'p' },
  open: { type: 'boolean', short: 'o' },
} as const

export const HELP = `  npm run playground [-- options]

  Starts the real bot and the real OpenCode against an emulated Discord and a scripted model, and shows a page for
  them. Nothing leaves this machine, and nothing is left behind.

    -p, --port <number>   the port of the page; default 8787 or the next free one, 0 for any (also: PLAYGROUND_PORT)
    -o, --open            open the page in the browser
    -h, --help            show this

  For example:  npm run playground -- --port 9000 --open
`

/**
 * The way in. The plain `kimaki` becomes the wrapper without loading the command line's library (8 MB that the wrapper would hold for
 * ever); everything else goes to `main.ts`, and so do the arguments of the bot itself, which the wrapper hands on unread.
 */
import { wantsWrapper } from './process/wrapped.ts'

/** Options of the plain command that take a value; with any other argument `main.ts` decides. */
const VALUED: readonly string[] = ['--data-dir', '--verbosity', '--opencode-servers']

function isPlain([name, value, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  return VALUED.includes(name) && value !== undefined && isPlain(rest)
}

if (wantsWrapper(process.env) && isPlain(process.argv.slice(2))) {
  const { supervise } = await import('./process/wrapper.ts')
  process.exitCode = await supervise()
} else await import('./main.ts')

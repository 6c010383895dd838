/**
 * The first module of `kimaki`: it becomes the wrapper, or loads the command line. The plain `kimaki` becomes the wrapper without loading
 * the library that parses command lines (8 MB that the wrapper would hold as long as the bot lives); everything else goes to `main.ts`,
 * and so do the options of the bot itself, which the wrapper hands on.
 */
import { useCompileCache } from './compile-cache.ts'
import { AGENT_VARIABLE } from './saved/agent-of.ts'
import { isPlainCommand } from './flags.ts'
import { wantsWrapper } from './wrapped.ts'

/** Whether the bot of that data folder is meant is seen with the configuration. */
const isInAgent = (): boolean => Boolean(process.env[AGENT_VARIABLE])

/** At a terminal, a start without a token in the environment may have to ask for one first. */
const mayAsk = (): boolean => process.stdin.isTTY && process.stdout.isTTY && !process.env['KIMAKI_BOT_TOKEN']

useCompileCache(process.env)
if (wantsWrapper(process.env) && isPlainCommand(process.argv.slice(2)) && !mayAsk() && !isInAgent()) {
  const { supervise } = await import('./process/wrapper.ts')
  process.exitCode = await supervise()
} else await (await import('./main.ts')).main()

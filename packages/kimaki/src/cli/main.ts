/** The command line. Rooms are loaded only by the command that needs them: `--help` must not pay for Discord. */
import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { UsageError } from '../base/errors.ts'
import { readConfig, type Config, type Flags } from './config.ts'
import { EXIT_FAILURE, EXIT_USAGE } from './process/exit-codes.ts'
import { wantsWrapper } from './process/wrapped.ts'

const program = new Command('kimaki')
  .description('Discord as the control surface for coding agents: a channel is a project, a thread is a session.')
  .version(packageJson.version)
  .option('--data-dir <folder>', 'where kimaki keeps its state (default: ~/.kimaki)')
  .option('--verbosity <level>', 'what threads show: text_only, text_and_essential_tools (default) or tools_and_text')
  .option(
    '--opencode-servers <n>',
    'most OpenCode servers at a time, 1 is one for all projects (default: one for every 2 GB, at most 8)',
  )
  .addHelpText('after', '\nThe bot token is read from KIMAKI_BOT_TOKEN. Without a command, the bot runs until Ctrl-C.')
  .exitOverride()
  .allowExcessArguments(false)
  .action(async () => {
    const config = configOf(program.opts())
    process.exitCode = wantsWrapper(process.env)
      ? await (await import('./process/wrapper.ts')).supervise()
      : await (await import('./process/run.ts')).run(config)
  })

const project = program.command('project').description('which channel is which folder').exitOverride()

project
  .command('link <folder>')
  .description('make a Discord channel the place of a project folder')
  .requiredOption('--channel <id>', 'id of the text channel')
  .requiredOption('--guild <id>', 'id of the server')
  .exitOverride()
  .action(async (folder: string, options: { readonly channel: string; readonly guild: string }) => {
    const { linkProject } = await import('./commands/project.ts')
    const linked = orThrow(await linkProject(configOf(program.opts()), folder, options))
    process.stdout.write(`${linked.directory} is now the project of channel ${linked.channelId}\n`)
  })

project
  .command('list')
  .description('show the linked projects')
  .option('--json', 'as JSON')
  .exitOverride()
  .action(async ({ json }: { readonly json?: boolean }) => {
    const { listProjects } = await import('./commands/project.ts')
    const projects = orThrow(await listProjects(configOf(program.opts())))
    if (json) process.stdout.write(`${JSON.stringify(projects, undefined, 2)}\n`)
    else if (projects.length === 0)
      process.stdout.write('No project is linked. kimaki project link <folder> --channel <id> --guild <id>\n')
    else for (const { channelId, directory } of projects) process.stdout.write(`${channelId}  ${directory}\n`)
  })

function configOf(flags: Flags): Config {
  return orThrow(readConfig(flags, process.env))
}

function orThrow<T>(value: T): Exclude<T, Error> {
  if (value instanceof Error) throw value
  return value as Exclude<T, Error>
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong (or shown the help) itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  process.stderr.write(`kimaki: ${error instanceof Error ? error.message : String(error)}\n`)
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILURE
}

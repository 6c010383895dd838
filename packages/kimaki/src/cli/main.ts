/** The command line: builds the parser from the declarations of `commands/`, runs the verb, prints its error. Owner of `commander`. */
import { Command, CommanderError, Option } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { isTemporary, UsageError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { forTerminal } from '../base/text.ts'
import type { CliCommand, OptionDeclarations, OptionValues } from './command.ts'
import { CLI_COMMANDS, GROUPS } from './commands/index.ts'
import type { Config } from './config.ts'
import { GLOBAL_FLAGS } from './flags.ts'
import { EXIT_FAILURE, EXIT_OK, EXIT_TEMPORARY, EXIT_USAGE, emitStatus, logError, surviveBrokenPipes } from './status.ts'

/** What a verb is called with, once its words are understood. */
type Act = (command: CliCommand, parser: Command, program: Command) => Promise<void>

/** Of this process. */
export async function main(): Promise<void> {
  // `kimaki project list | head -1`: what is left to print is of no interest any more.
  surviveBrokenPipes(process.stdout, process.stderr)
  process.exitCode = await runLine(process.argv.slice(2), process.env)
}

/** `args`: without the name of the program. Resolves with the exit code. */
export async function runLine(args: readonly string[], environment: Config['environment']): Promise<number> {
  let code = EXIT_OK
  const program = parserOfAll(async (command, parser, all) => {
    code = exitCodeOf(await run(command, { parser, program: all, environment }))
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    return exitCodeOf(error)
  }
}

/** Of every verb that is declared. */
export function parserOfAll(act: Act): Command {
  const program = new Command('kimaki')
    .version(packageJson.version)
    .addHelpText('after', '\nThe bot token is read from KIMAKI_BOT_TOKEN. Without a command, the bot runs until Ctrl-C.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(forTerminal(text)) })
    .allowExcessArguments(false)
    .helpCommand('help [command]', 'display help for a command')
  addOptions(program, GLOBAL_FLAGS)
  const groups = new Map<string, Command>()
  for (const command of CLI_COMMANDS) {
    const parser = parserFor(command.usage, program, groups).description(command.description)
    const { examples = [] } = command
    if (examples.length > 0) parser.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`)
    addOptions(parser, command.options)
    parser.action(async () => act(command, parser, program))
  }
  // Its own sentence for a command that there is not; the others have inherited that they take no more than they say.
  return program.allowExcessArguments()
}

/** `project link <folder>` becomes the command `link <folder>` of the group `project`. */
function parserFor(usage: string, program: Command, groups: Map<string, Command>): Command {
  if (usage === '') return program
  const [group = '', ...rest] = usage.split(' ')
  const description = GROUPS[group]
  if (description === undefined) return program.command(usage).exitOverride()
  const parent = groups.get(group) ?? program.command(group).description(description).exitOverride()
  groups.set(group, parent)
  return parent.command(rest.join(' ')).exitOverride()
}

function addOptions(parser: Command, options: OptionDeclarations): void {
  for (const { flag, description, required } of Object.values(options))
    parser.addOption(new Option(flag, description).makeOptionMandatory(required === true))
}

interface Understood {
  readonly parser: Command
  readonly program: Command
  readonly environment: Config['environment']
}

async function run(command: CliCommand, { parser, program, environment }: Understood): Promise<number | Error> {
  const [unknown] = parser === program ? program.args : []
  if (unknown !== undefined) return unknownCommand(unknown, program)
  const { readConfig } = await import('./config.ts')
  const config = readConfig(program.opts(), environment)
  if (config instanceof Error) {
    // Whoever has started the bot off a terminal reads events.
    if (command.usage === '' && parser.opts()['installUrl'] !== true) emitStatus({ type: 'error', message: config.message })
    return config
  }
  if (config.isAgent) {
    const refused = (await import('./agent/verbs.ts')).refusedToAgent(command.usage)
    if (refused) return refused
  }
  const print = (line: string): void => void process.stdout.write(`${forTerminal(line)}\n`)
  return command.run({ config, args: parser.args, options: givenOptions(command.options, parser.opts()), print })
}

/** Whoever writes `kimaki start` means the plain `kimaki`. */
function unknownCommand(word: string, program: Command): UsageError {
  const meant = nearest(word, ['start', 'run', ...program.commands.map((command) => command.name())])
  const plain = 'The plain `kimaki` starts the bot; all commands: kimaki --help'
  const hint = meant === undefined ? 'All commands: kimaki --help' : `Did you mean kimaki ${meant}?`
  return new UsageError({ reason: `there is no command "${word}". ${meant === 'start' || meant === 'run' ? plain : hint}` })
}

/** A required option keeps its empty value, which its verb refuses with a sentence. */
function givenOptions(declared: OptionDeclarations, options: OptionValues<OptionDeclarations>): typeof options {
  const isGiven = ([name, value]: [string, unknown]): boolean =>
    typeof value !== 'string' || value.trim() !== '' || declared[name]?.mayBeEmpty === true || declared[name]?.required === true
  return Object.fromEntries(Object.entries(options).filter(isGiven))
}

function exitCodeOf(result: unknown): number {
  if (typeof result === 'number') return result
  // Commander has printed what is wrong (or the help) itself.
  if (result instanceof CommanderError) return result.exitCode === 0 ? EXIT_OK : EXIT_USAGE
  logError(result instanceof Error ? result.message : String(result))
  if (result instanceof UsageError) return EXIT_USAGE
  return isTemporary(result) ? EXIT_TEMPORARY : EXIT_FAILURE
}

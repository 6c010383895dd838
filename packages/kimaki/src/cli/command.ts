/**
 * The shape of a verb of the command line: one file of `commands/` declares its parser, what it does, and the routes on which a running
 * bot serves it. The list of all verbs is `commands/index.ts`.
 *
 * Two programs read a declaration: the command line builds its parser from `usage` and `options`, the bot binds `routes`. So the file of a
 * verb imports types and constants at its top, and everything else inside `run`: `--help` loads every verb, and must not load the bot.
 */
import { TryLater, type UsageError } from '../base/errors.ts'
import type { Composed } from './compose.ts'
import type { Config } from './config.ts'

export interface CliCommand<Options extends OptionDeclarations = OptionDeclarations> {
  /** Words and arguments, e.g. `project link <folder>`; empty for the plain `kimaki`. A first word of two needs a row in `GROUPS`. */
  readonly usage: string
  readonly description: string
  readonly options: Options
  /** Whole command lines, as a person would type them: for `--help` and the docs. */
  readonly examples?: readonly string[]
  /** Resolves with the exit code; an error is printed as one sentence, a `UsageError` ends with 64, trouble that passes with 75, any other with 1. */
  run(call: CliCall<Options>): Promise<number | Error>
  /** `METHOD /path`: what the running bot does for this verb. */
  readonly routes: Readonly<Record<string, ControlRoute>>
}

/** The same declaration; the types of `options` reach `run`. */
export const defineCliCommand = <const Options extends OptionDeclarations>(command: CliCommand<Options>): CliCommand<Options> =>
  command

export interface OptionDeclaration {
  /** As commander reads it: `-c, --channel <id>` takes a value, `--file <file...>` one or more, `--worktree [name]` may, `--json` is a switch. */
  readonly flag: string
  readonly description: string
  readonly required?: true
  /** An empty value is a value. Else an option with one, as a script writes for a variable that is not set, is not given. */
  readonly mayBeEmpty?: true
}

/** By the name commander gives the value: `--data-dir` is `dataDir`. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>

export interface CliCall<Options extends OptionDeclarations> {
  readonly config: Config
  /** The arguments, in the order of `usage`. */
  readonly args: readonly string[]
  readonly options: OptionValues<Options>
  /** Writes a line to stdout. */
  readonly print: (line: string) => void
}

export type OptionValues<Options extends OptionDeclarations> = {
  readonly [Name in keyof Options]: OptionValue<Options[Name]>
}

type OptionValue<Option extends OptionDeclaration> = Option['flag'] extends `${string}...>`
  ? readonly string[] | undefined
  : Option['flag'] extends `${string}[${string}`
    ? string | true | undefined
    : Option['flag'] extends `${string}<${string}`
      ? Option extends { readonly required: true }
        ? string
        : string | undefined
      : true | undefined

/** A handler of a JSON body. A returned `UsageError` is the caller's mistake, any other error the bot's trouble. */
export type ControlRoute = (body: unknown, bot: BotHandle) => Promise<unknown>

/** The bot of this process as its control routes may use it. They are bound before the bot is composed. */
export interface BotHandle {
  /** Undefined while the bot starts. */
  readonly composed: Composed | undefined
  /** How the tools of agents reach this bot, and which project their token lets them act for. */
  readonly links: AgentAccess
  /** Ends this bot in favour of another kimaki that starts on the same data folder. */
  standDown(): void
  /** Ends it for its wrapper to start it anew; OpenCode and its runs go on. */
  restart(): undefined | UsageError
}

export interface AgentAccess {
  /** Returns the error of a disk that refuses. `project`: what agents in these folders act for; undefined: each folder is its own project. */
  publish(directories: readonly string[], project?: string): Error | undefined
  allows(directory: string, token: string): boolean
}

/** For routes that need all of the bot. */
export function composedOf(bot: BotHandle): Composed | Error {
  return bot.composed ?? new TryLater({ reason: 'kimaki is still starting, try again' })
}

/**
 * What kimaki tells the program that started it (the wrapper, a service manager, a script): by exit code how it ended, by events on stdout
 * that it is ready or cannot run. People at a terminal get sentences instead of events.
 */

import { redactShapes } from '../base/redact.ts'
import { forTerminal, jsonForTerminal, oneLine } from '../base/text.ts'

export const EXIT_OK = 0
export const EXIT_FAILURE = 1
/** Wrong use or set-up: starting again without a change is of no use (EX_USAGE of sysexits.h). */
export const EXIT_USAGE = 64
/** Something outside fails for now: worth starting again, however often (EX_TEMPFAIL of sysexits.h). */
export const EXIT_TEMPORARY = 75
/** Between the bot and its wrapper alone: the bot was told to start anew (SIGUSR2). */
export const EXIT_RESTART = 100

export type StatusEvent =
  | { readonly type: 'ready'; readonly app_id: string; readonly guild_ids: readonly string[] }
  | { readonly type: 'error'; readonly message: string }

/** Framed as a server-sent event (`data: {json}` and a blank line), so that a reader can skip all other output. */
export function emitStatus(event: StatusEvent): void {
  if (!process.stdout.isTTY) process.stdout.write(`data: ${jsonForTerminal(event)}\n\n`)
}

/** For people: nothing is printed where stdout is read by a program. */
export function printToTerminal(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`${forTerminal(line)}\n`)
}

/** One line on stderr, also of what another program has said in several. */
export const logError = (message: string): void =>
  void process.stderr.write(`kimaki: ${forTerminal(oneLine(redactShapes(message)))}\n`)

/** The reader of our output may have gone: a broken pipe is no reason to end. */
export function surviveBrokenPipes(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on('error', () => undefined)
}

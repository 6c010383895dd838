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
  /** Only where a machine is connected through a gateway: whoever opens the address lets it into a server. */
  | { readonly type: 'install_url'; readonly url: string }
  | { readonly type: 'authorized'; readonly guild_id: string }
  | { readonly type: 'ready'; readonly app_id: string; readonly guild_ids: readonly string[] }
  | { readonly type: 'error'; readonly message: string; readonly install_url?: string | undefined }

/** The descriptor on which the wrapper hands its bot the real stdout, where a program reads that. OpenCode does not inherit the variable. */
export const EVENTS_VARIABLE = '__KIMAKI_EVENTS'

const eventsFd = (): number => Number(process.env[EVENTS_VARIABLE] ?? Number.NaN)

/** Do people read stdout? The bot below a wrapper may have a terminal there that is only its stderr. */
export const isTerminal = (): boolean => process.stdout.isTTY && Number.isNaN(eventsFd())

let writeEvent: ((text: string) => void) | undefined

/** Off a terminal only events go to stdout from now on: what anybody in this process prints there goes to stderr. */
export function keepStdoutForEvents(): void {
  if (isTerminal() || writeEvent) return
  const fd = eventsFd()
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  writeEvent = Number.isNaN(fd) ? (text) => void write(text) : (text) => writeAll(fd, text)
  stdout.write = stderr.write.bind(stderr)
}

/** Framed as a server-sent event (`data: {json}` and a blank line). */
export function emitStatus(event: StatusEvent): void {
  keepStdoutForEvents()
  writeEvent?.(`data: ${jsonForTerminal(event)}\n\n`)
}

/** A reader that is gone is no reason to end, and one that does not read gets no more. */
function writeAll(fd: number, text: string): void {
  // Loaded here: help and completions do without it.
  const { writeSync } = process.getBuiltinModule('node:fs')
  const bytes = Buffer.from(text)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
  } catch {
    // EPIPE or EAGAIN: see above.
  }
}

/** For people: nothing is printed where stdout is read by a program. */
export function printToTerminal(line: string): void {
  if (isTerminal()) process.stdout.write(`${forTerminal(line)}\n`)
}

/** One line on stderr, also of what another program has said in several. */
export const logError = (message: string): void =>
  void process.stderr.write(`kimaki: ${forTerminal(oneLine(redactShapes(message)))}\n`)

/** The reader of our output may have gone: a broken pipe is no reason to end. */
export function surviveBrokenPipes(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on('error', () => undefined)
}

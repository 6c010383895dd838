/** Questions at a terminal. Owner of `@clack/prompts`. A person who cancels one ends all: `Cancelled` is thrown, and caught in `wizard.ts`. */
import * as clack from '@clack/prompts'
import { stripControl } from '../../base/text.ts'

/** Ctrl-C or Escape at a question. */
export class Cancelled extends Error {}

const NOTHING_CHANGED = 'Nothing was changed. Run kimaki again when you like.'
/** A shell's code for what Ctrl-C has ended. */
export const EXIT_CANCELLED = 130

function answered<T>(answer: T): Exclude<T, symbol> {
  if (clack.isCancel(answer)) throw new Cancelled('cancelled')
  return answer as Exclude<T, symbol>
}

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

/** A hint that is not known must be left out. */
const shown = ({ value, label, hint }: Option): { value: string; label: string; hint?: string } =>
  hint === undefined ? { value, label } : { value, label, hint }

export const begin = (title: string): void => clack.intro(title)
export const end = (text: string): void => clack.outro(text)
export const cancelled = (): void => clack.cancel(NOTHING_CHANGED)
/** Lines that are read and copied: without a frame, which would cut a long address. */
export const say = (...lines: readonly string[]): void => clack.log.message([...lines])
export const warn = (text: string): void => clack.log.warn(text)
export const done = (text: string): void => clack.log.success(text)

export const choose = async (message: string, options: readonly Option[]): Promise<string> =>
  answered(await clack.select({ message, options: options.map(shown) }))

export const chooseSome = async (message: string, options: readonly Option[]): Promise<readonly string[]> =>
  answered(await clack.multiselect({ message, options: options.map(shown), required: false, maxItems: 10 }))

export const confirm = async (message: string): Promise<boolean> => answered(await clack.confirm({ message }))

/** What is typed is not shown. */
export const askSecret = async (message: string, wrong: (text: string) => string | undefined): Promise<string> =>
  unpasted(answered(await clack.password({ message, validate: (text) => wrong(unpasted(text ?? '')) })))

export const ask = async (message: string, wrong: (text: string) => string | undefined): Promise<string> =>
  answered(await clack.text({ message, validate: (text) => wrong(text ?? '') })).trim()

/** Shows that something goes on. The library ends the process at a Ctrl-C meanwhile: then as elsewhere, with the code of a cancel. */
export async function during<T>(message: string, work: () => Promise<T>): Promise<T> {
  const spinner = clack.spinner({ cancelMessage: NOTHING_CHANGED })
  const onExit = (): void => void (process.exitCode = EXIT_CANCELLED)
  process.on('exit', onExit)
  spinner.start(message)
  try {
    return await work()
  } finally {
    spinner.stop(message)
    process.off('exit', onExit)
  }
}

/** A terminal frames what is pasted (bracketed paste), and a prompt may take the frame for text. */
const unpasted = (text: string): string =>
  stripControl(text)
    .replaceAll(/\[20[01]~/g, '')
    .trim()

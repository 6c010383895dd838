/** How much of the agent's work a thread shows. */

export type Verbosity = 'text_only' | 'text_and_essential_tools' | 'tools_and_text'

/** From the quietest to the loudest. */
export const VERBOSITIES: readonly Verbosity[] = ['text_only', 'text_and_essential_tools', 'tools_and_text']

export const DEFAULT_VERBOSITY: Verbosity = 'text_and_essential_tools'

export const isQuieter = (one: Verbosity, other: Verbosity): boolean => VERBOSITIES.indexOf(one) < VERBOSITIES.indexOf(other)

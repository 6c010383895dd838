/** How much of the agent's work a thread shows. */

export type Verbosity = 'text_only' | 'text_and_essential_tools' | 'tools_and_text'

/** From the quietest to the loudest. */
export const VERBOSITIES: readonly Verbosity[] = ['text_only', 'text_and_essential_tools', 'tools_and_text']

export const DEFAULT_VERBOSITY: Verbosity = 'text_and_essential_tools'

/** Who wants text alone still wants the files that were made, but not those that the agent has looked at. */
export const isShownFile = (tool: string, verbosity: Verbosity): boolean => verbosity !== 'text_only' || tool !== 'read'

export const isQuieter = (one: Verbosity, other: Verbosity): boolean => VERBOSITIES.indexOf(one) < VERBOSITIES.indexOf(other)

/** How much of the agent's work a thread shows. */

export type Verbosity = 'text_only' | 'text_and_essential_tools' | 'tools_and_text'

export const VERBOSITIES: readonly Verbosity[] = ['text_only', 'text_and_essential_tools', 'tools_and_text']

export const DEFAULT_VERBOSITY: Verbosity = 'text_and_essential_tools'

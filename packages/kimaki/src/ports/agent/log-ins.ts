/** Log-ins at providers of models, as OpenCode keeps them for all projects of the machine (OpenCode routes: `/provider`, `/auth`). */
import type { AgentError } from '../agent-error.ts'

export interface LogInsPort {
  /** Every provider that OpenCode knows. `isTyping`: asked at every letter, so it is what is known so far, and never costs the server much. */
  providers(directory: string, isTyping?: true): Promise<readonly LogInProvider[] | AgentError>
  /** How one logs in there, in the order of their numbers (`OAuthStep.method`). None: by a key alone. */
  methods(directory: string, provider: string): Promise<readonly LogInMethod[] | AgentError>
  /** Done twice, it is done once. `more`: what a plugin asks for beside the key, by its names. */
  setKey(directory: string, provider: string, key: string, more: Inputs): Promise<undefined | AgentError>
  /** Done twice, the second log-in takes the place of the first. */
  begin(directory: string, step: OAuthStep, inputs: Inputs): Promise<LogInBegun | 'failed' | AgentError>
  /** Ends a log-in that was begun. Without a code it waits until the person has finished elsewhere, for at most `LogInBegun.forMs`. */
  finish(directory: string, step: OAuthStep, code?: string): Promise<LogInEnd | AgentError>
  /** Forgets the key; done twice, it is done once. */
  remove(directory: string, provider: string): Promise<undefined | AgentError>
  /** Log-ins are read again in this project, at once where nothing runs there, or else before its next prompt that finds nothing running. */
  renew(directory: string): Promise<LogInsRenewed | AgentError>
}

export type Inputs = Readonly<Record<string, string>>

export interface LogInProvider {
  readonly id: string
  readonly name: string
  /** A plugin, one of OpenCode's own or one of the user's, knows other ways than a key. */
  readonly hasMethods: boolean
  /** `logged-in`: OpenCode keeps a key. `connected`: the key comes from the environment or a configuration. */
  readonly status: 'logged-in' | 'connected' | 'none'
}

export interface LogInMethod {
  readonly kind: 'oauth' | 'key'
  readonly label: string
  readonly prompts: readonly LogInPrompt[]
}

export type LogInPrompt = {
  readonly key: string
  readonly message: string
  /** It is asked only where an earlier answer is this value, or is another one. */
  readonly when: { readonly key: string; readonly isEqual: boolean; readonly value: string } | undefined
} & (
  | { readonly kind: 'text'; readonly placeholder: string }
  | {
      readonly kind: 'select'
      readonly options: readonly { readonly label: string; readonly value: string; readonly hint: string }[]
    }
)

export interface OAuthStep {
  readonly provider: string
  readonly method: number
}

export interface LogInBegun {
  readonly url: string
  readonly instructions: string
  /** `code`: the person brings a code back. `auto`: OpenCode notices by itself. */
  readonly by: 'code' | 'auto'
  /** How long `finish` waits. */
  readonly forMs: number
}

/** `forgotten`: OpenCode was restarted since, or has read its configuration again. `refused`: the code is wrong, or the person said no. */
export type LogInEnd = 'done' | 'refused' | 'forgotten' | 'late' | 'failed'

/** `later`: something runs, in these sessions (subagents' ones among them). */
export type LogInsRenewed = { readonly counts: 'now' } | { readonly counts: 'later'; readonly sessions: readonly string[] }

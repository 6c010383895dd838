/** A newer Kimaki: asked for and installed only when somebody wants it. */
import type { UsageError } from '../base/errors.ts'

export interface Upgrade {
  /** What runs. */
  readonly current: string
  /** The newest that the registry has. */
  readonly latest: string
  /** What installs it, as a person would type it. */
  readonly command: string
}

export interface UpgradePort {
  readonly current: string
  /** Asks the registry. A `UsageError` says why this Kimaki cannot be upgraded, and what to do instead. */
  look(): Promise<Upgrade | UsageError>
  /** Installs this version; done twice, it is the same. */
  install(version: string): Promise<undefined | UsageError>
  /** Ends the bot in order, for the wrapper to start it from what is installed now; OpenCode and its runs go on. */
  restart(): undefined | UsageError
}

/** Several accounts of one provider of models, of which the agent uses the first that is not used up (docs/decisions/0015). */
import type { UsageError } from '../base/errors.ts'

export interface AccountState {
  /** What a person calls it; one word for each account of a provider. */
  readonly label: string
  /** `used-up`: until a time. `out`: until a person acts. */
  readonly state: 'in-use' | 'ready' | 'used-up' | 'out'
  /** Unix ms, of one that is used up. */
  readonly until?: number
  /** Of one that is used up or out: `its limit is reached`. */
  readonly why?: string
}

export interface ProviderAccounts {
  readonly provider: string
  /** In the order in which they are tried. */
  readonly accounts: readonly AccountState[]
}

export interface Listed {
  readonly providers: readonly ProviderAccounts[]
  /** `provider/model`: what goes on when every account of a provider is used up. */
  readonly order: readonly string[]
}

export interface Accounts {
  /** An error where the list cannot be used. */
  read(): Listed | UsageError
}

/** What people have allowed for project folders, in memory, because every ask is compared with it. Its rows are written by the conversations. */
import type { AllowanceChange, StandingAllowance } from '../domain/allowance.ts'
import type { StorePort } from '../ports/store.ts'

export class Allowances {
  readonly #onChange: (directory: string) => void
  #byFolder: ReadonlyMap<string, readonly StandingAllowance[]> = new Map()

  /** `onChange`: in this folder more is allowed, or less. */
  constructor(onChange: (directory: string) => void) {
    this.#onChange = onChange
  }

  async load(store: Pick<StorePort, 'allowances'>): Promise<void> {
    this.#byFolder = Map.groupBy(await store.allowances(), ({ directory }) => directory)
  }

  /** Oldest first. */
  of(directory: string): readonly StandingAllowance[] {
    return this.#byFolder.get(directory) ?? NONE
  }

  /** Changes that are on record now. */
  apply(directory: string, changes: readonly AllowanceChange[]): void {
    if (changes.length === 0) return
    this.#byFolder = new Map([...this.#byFolder, [directory, changes.reduce(changed, this.of(directory))]])
    this.#onChange(directory)
  }
}

const NONE: readonly never[] = []

function changed(known: readonly StandingAllowance[], change: AllowanceChange): readonly StandingAllowance[] {
  const id = change.kind === 'allow' ? change.allowance.id : change.id
  const others = known.filter((allowance) => allowance.id !== id)
  return change.kind === 'allow' ? [...others, change.allowance] : others
}

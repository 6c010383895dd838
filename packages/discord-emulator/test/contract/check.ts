/** One promise of the contract, and the run that holds a client to it. */
import type { EmulatorOptions } from '../../src/index.ts'
import type { House } from './house.ts'

export interface Check {
  readonly says: string
  readonly options?: EmulatorOptions
  readonly run: (house: House) => Promise<void>
}

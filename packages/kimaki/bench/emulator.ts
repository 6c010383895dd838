/** The emulator must never be what is measured elsewhere: how many messages it takes in a second. */
import { benchCreates } from '../../discord-emulator/bench/creates.ts'
import { rowOf, type Row } from './row.ts'

const CREATES = 3000

export async function emulatorCreates(rounds: number): Promise<Row> {
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) rates.push((await benchCreates(CREATES)).perSecond)
  return rowOf({ figure: 'emulator, messages created', unit: '/s', target: { kind: 'at least', value: 1500 } }, rates)
}

/** A file that another thread of the project has written within the same quarter of an hour: said once for each file and pair of threads. */
import { defineFeature, keep } from '../../feature.ts'

export interface Collision {
  readonly file: string
  /** The other thread. */
  readonly other: string
  /** In a turn that is closed. */
  readonly isTold?: true
}

/** Older ones are forgotten: at worst the same file is said once more. */
const KEPT = 100

export const collisions = defineFeature<readonly Collision[]>({
  name: 'collisions',
  version: 1,
  initial: [],
  on: {
    'file-collided': (known, { file, other }) =>
      keep(known.some((one) => one.file === file && one.other === other) ? known : [...known, { file, other }].slice(-KEPT)),
  },
  closeTurn: (known) =>
    known.every(({ isTold }) => isTold) ? known : known.map(({ file, other }): Collision => ({ file, other, isTold: true })),
})

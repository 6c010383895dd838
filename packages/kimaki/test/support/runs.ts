/** How often a property is tried. */

/** A quarter of `whole` in `npm test`, which is run all day; `npm run test:long` sets PROPERTY_RUNS, and has them all. */
export const runs = (whole: number): number => (process.env['PROPERTY_RUNS'] === undefined ? Math.ceil(whole / 4) : whole)

/** For one whose tries are whole worlds on the disk: a few in `npm test`, 2,000 in `npm run test:long`. */
export const worlds = (few: number): number => Number(process.env['WORLD_RUNS'] ?? few)

/** For a property that is asked for over and over: a thousand times in `npm test`, a hundred thousand times in `npm run test:long`. */
export const thousands = (): number => (process.env['PROPERTY_RUNS'] === undefined ? 1000 : 100_000)

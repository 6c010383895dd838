/** How often a property is tried. */

/** A quarter of `whole` in `npm test`, which is run all day; `npm run test:long` sets PROPERTY_RUNS, and has them all. */
export const runs = (whole: number): number => (process.env['PROPERTY_RUNS'] === undefined ? Math.ceil(whole / 4) : whole)

/**
 * The order of the test files: the longest first, so that no worker is left with a long one while the others have nothing to do. How long
 * each takes stands in `durations.json`, written by a run with `UPDATE_DURATIONS=1`; a file that is not in it comes first.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

export const DURATIONS = fileURLToPath(new URL('durations.json', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** As the files are named in `durations.json`. */
export const nameOf = (file: string): string => relative(ROOT, file)

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = JSON.parse(readFileSync(DURATIONS, 'utf8')) as Readonly<Record<string, number>>
    const rank = ({ moduleId }: TestSpecification): number => seconds[nameOf(moduleId)] ?? Number.POSITIVE_INFINITY
    // One project after the other: a worker is kept only for the next file of its own project.
    const { world = [], unit = [] } = Object.groupBy(files, ({ project }) => (project.name === 'world' ? 'world' : 'unit'))
    return [world, unit].flatMap((all) => all.toSorted((a, b) => rank(b) - rank(a)))
  }
}

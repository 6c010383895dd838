import { endings } from './endings.ts'
import { readHistory } from './history.ts'
import type { CheckInput } from './input.ts'
import { crossed } from './rules/crossed.ts'
import { disordered } from './rules/disordered.ts'
import { doubled } from './rules/doubled.ts'
import { lost } from './rules/lost.ts'
import type { Verdict } from './verdict.ts'

/** Says what a run lost, doubled, showed out of order or showed in the wrong thread. Pure: it reads and concludes. */
export function check(input: CheckInput): Verdict {
  const history = readHistory(input)
  const ends = endings(history, input)
  const count = (end: string) => [...ends.values()].filter((one) => one === end).length
  return {
    findings: [...lost(history, ends), ...doubled(history), ...disordered(history), ...crossed(history)],
    messages: history.prompts.length,
    answered: count('answered'),
    interrupted: count('interrupted'),
    told: count('told'),
  }
}

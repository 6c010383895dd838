/** Questions of the agent in crash runs: people press, and nothing may be answered that nobody pressed. */
import type { Harness } from '../support/harness.ts'

/** Two questions are asked at once, so that one can be taken for the other. */
export const OPTIONS = [
  ['left', 'right'],
  ['up', 'down'],
] as const

export const labelOf = (option: string, tag: string): string => `${option}${tag.replace('#m', '')}`

/** What the agent was told in these threads, or stands on a card as the answer, that nobody had pressed. */
export const invented = ({ said }: Harness, threadIds: readonly string[], pressed: ReadonlySet<string>): readonly string[] =>
  threadIds
    .flatMap((threadId) => said(threadId))
    .flatMap((text) => (/^Picked (\S+) (\S+) for/m.exec(text) ?? /\*: (\w+)\n✓ answered by/.exec(text))?.slice(1) ?? [])
    .filter((label) => label !== 'nothing' && !pressed.has(label))

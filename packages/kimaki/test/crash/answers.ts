/** What the agent asks in crash runs: people answer, and nothing may be answered that nobody did. */
import type { Harness } from '../support/harness.ts'

/** Two questions are asked at once, so that one can be taken for the other. */
export const OPTIONS = [
  ['left', 'right'],
  ['up', 'down'],
] as const
/** Folders outside the project, of which the agent wants to read a note each: two permissions at once. */
export const FOLDERS = ['north', 'south'] as const

export const labelOf = (option: string, tag: string): string => `${option}${tag.replace('#m', '')}`

export type Way = 'once' | 'always' | 'deny' | 'reason' | 'reply'
/** What becomes of the note. */
export type Outcome = 'read' | 'stopped' | 'refused' | 'replied'

/** How a permission is answered, by the label of the button; a reply to the card needs none. */
export const WAYS: Readonly<Record<Way, { readonly label?: string; readonly outcome: Outcome }>> = {
  once: { label: 'Allow once', outcome: 'read' },
  always: { label: 'Allow always', outcome: 'read' },
  deny: { label: 'Deny', outcome: 'stopped' },
  reason: { label: 'Deny with a reason…', outcome: 'refused' },
  reply: { outcome: 'replied' },
}

/** What the model reads, and nobody else writes. */
export const WORDS: Readonly<Record<Exclude<Outcome, 'stopped'>, (folder: string) => string>> = {
  read: (folder) => `note of ${folder}`,
  refused: (folder) => `because of ${folder}`,
  replied: (folder) => `about ${folder}`,
}

/** An answer as those who gave it and those who look for it name it. */
export const given = (folder: string, outcome: Outcome): string => `${folder} ${outcome}`

/** The folder that the card of a permission names. */
export const folderOn = (card: string): string | undefined => /\/asked\/(\w+)\//.exec(card)?.[1]

/** What a press on the button means; undefined where it answers nothing yet. */
export function meantBy({ label, text }: { readonly label: string; readonly text: string }): string | undefined {
  const folder = folderOn(text)
  if (folder === undefined) return label
  const way = Object.values(WAYS).find((each) => each.label === label)
  return way && way.outcome !== 'refused' ? given(folder, way.outcome) : undefined
}

/** What the agent was told in these threads, or stands on a card as the answer, that nobody had given. */
export const invented = ({ said }: Harness, threadIds: readonly string[], pressed: ReadonlySet<string>): readonly string[] =>
  threadIds
    .flatMap((threadId) => said(threadId))
    .flatMap((text) => [...picked(text), ...permitted(text)])
    .filter((label) => label !== 'nothing' && !pressed.has(label))

/** How many cards of permissions in these threads end in which way. */
export function permissionEnds({ said }: Harness, threadIds: readonly string[]): string {
  const texts = threadIds.flatMap((threadId) => said(threadId)).filter((text) => folderOn(text) !== undefined)
  const ends = texts.map((text) => ENDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'not answered')
  return Object.entries(Object.groupBy(ends, (end) => end))
    .map(([end, all]) => `${end} ${all.length}`)
    .join(', ')
}

const picked = (text: string): readonly string[] =>
  (/^Picked (\S+) (\S+) for/m.exec(text) ?? /\*: (\w+)\n✓ answered by/.exec(text))?.slice(1) ?? []

function permitted(text: string): readonly string[] {
  if (text.startsWith('Permitted '))
    return [...text.matchAll(/(\w+)=(read|refused|replied)/g)].map(([, folder = '', outcome]) =>
      given(folder, outcome as Outcome),
    )
  const folder = folderOn(text)
  const end = ENDS.find(([pattern]) => pattern.test(text))
  return folder !== undefined && end ? [given(folder, end[1])] : []
}

const ENDS: readonly (readonly [RegExp, Outcome])[] = [
  [/^(?:✓|⬦) allowed /m, 'read'],
  [/^✗ denied by \S+: the run was stopped$/m, 'stopped'],
  [/^✗ denied by \S+: because of /m, 'refused'],
  [/^✗ denied by \S+: about /m, 'replied'],
]

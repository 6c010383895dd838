/** An import as people read it: how much of each kind, then what is taken and what is left, with the reason. Pure. */
import { lineForTerminal } from '../../base/text.ts'
import type { ImportItem } from './item.ts'
import type { Imported } from './take-over.ts'

/** Threads are many, and their ids say little: those that are taken over, or here, are only counted. */
const isListed = ({ kind, verdict }: ImportItem): boolean => kind !== 'thread' || verdict === 'leave'

const WORDS: Readonly<Record<ImportItem['verdict'], string>> = { take: 'taken over', known: 'here already', leave: 'left' }
const KINDS: readonly ImportItem['kind'][] = ['bot', 'channel', 'setting', 'thread', 'other']

export function reportLines(from: string, { plan: { items }, untrusted }: Imported, isApplied: boolean): readonly string[] {
  if (items.length === 0) return [`${lineForTerminal(from)} holds nothing of an older Kimaki.`]
  const isNew = items.some(({ verdict }) => verdict === 'take')
  return [
    ...table(KINDS.flatMap((kind) => countsOf(kind, items))),
    '',
    ...table(
      items
        .filter((item) => isListed(item))
        .map(({ kind, id, what, verdict, why }) => [
          kind,
          id,
          isApplied || verdict !== 'take' ? WORDS[verdict] : 'would be taken over',
          why === undefined ? what : `${what}: ${why}`,
        ]),
    ),
    '',
    ...untrusted.map((directory) => lineForTerminal(untrustedText(directory))),
    isNew ? (isApplied ? DONE : DRY) : NOTHING_NEW,
  ]
}

const DRY = 'Nothing was written. End the older Kimaki, then run the same with --apply.'
const DONE = 'Done. The file it came from is as it was. Start kimaki: the next message in a thread goes on in its session.'
const NOTHING_NEW = 'Nothing is new: there is nothing to take over.'
const untrustedText = (directory: string): string =>
  `${directory} brings programs and is not trusted: they do not run. Once you have looked at them: kimaki project add ${directory} --trust`

function countsOf(kind: ImportItem['kind'], items: readonly ImportItem[]): readonly (readonly string[])[] {
  const ofKind = items.filter((item) => item.kind === kind)
  if (ofKind.length === 0 || kind === 'other') return []
  const counts = (['take', 'known', 'leave'] as const).map(
    (verdict) => `${ofKind.filter((item) => item.verdict === verdict).length} ${WORDS[verdict]}`,
  )
  return [[`${kind}s`, ...counts]]
}

/** Columns of one width, but for the last. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(lineForTerminal))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  return cells.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  )
}

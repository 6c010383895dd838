/** What a thread says of a diff: how many files, how many lines, and which files changed most. */
import type { ChangedFile, Changes } from '../../domain/changes.ts'
import { countOf } from '../text/footer.ts'
import { plain } from '../text/notice.ts'

export function diffSummary({ what, files }: Changes): string {
  if (files.length === 0) return `⬦ nothing has changed: ${plain(what, WHAT_MAX)}`
  const largest = files.toSorted((a, b) => linesOf(b) - linesOf(a)).slice(0, SHOWN)
  const more = files.length - largest.length
  return [
    `⬦ **${countOf(files.length)}** ${signed(sumOf(files))}: ${plain(what, WHAT_MAX)}`,
    ...largest.map(lineOf),
    ...(more > 0 ? [`… and ${countOf(more)} more`] : []),
  ].join('\n')
}

export const PAGE_NOTE = 'The attached page shows every line: open it in a browser.'

const SHOWN = 5
const WHAT_MAX = 150
const PATH_MAX = 120

const linesOf = ({ added, deleted }: Pick<ChangedFile, 'added' | 'deleted'>): number => added + deleted

const sumOf = (files: readonly ChangedFile[]): Pick<ChangedFile, 'added' | 'deleted'> => ({
  added: files.reduce((sum, { added }) => sum + added, 0),
  deleted: files.reduce((sum, { deleted }) => sum + deleted, 0),
})

/** Discord makes a list of a line that begins with one of the signs. */
const signed = ({ added, deleted }: Pick<ChangedFile, 'added' | 'deleted'>): string => `+${added} −${deleted}`

function lineOf(file: ChangedFile): string {
  const { path, from, status, content } = file
  const words = [
    plain(path, PATH_MAX),
    ...(linesOf(file) > 0 ? [signed(file)] : []),
    ...(status === 'changed' ? [] : [from === undefined ? status : `renamed from ${plain(from, PATH_MAX)}`]),
    ...(content.kind === 'named' && content.why === 'secret' ? ['(only named)'] : []),
  ]
  return `- ${words.join(' ')}`
}

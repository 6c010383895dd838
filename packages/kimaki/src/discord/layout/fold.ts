/**
 * Many lines at once, as when an agent calls dozens of tools while Discord lets the bot post nothing: nobody reads them, and what follows
 * would wait for the room they take. A row of lines that would fill more than two messages becomes its beginning and a file with all of it.
 */
import type { Block, Outgoing } from '../../view/blocks.ts'

/** The blocks, and messages in place of those that were folded; in order. */
export function folded(blocks: readonly Block[]): readonly (Block | Outgoing)[] {
  const out: (Block | Outgoing)[] = []
  for (let at = 0; at < blocks.length;) {
    let end = at
    while (end < blocks.length && isLine(blocks[end])) end += 1
    const row = blocks.slice(at, end)
    if (row.reduce((sum, { text }) => sum + text.length + 1, 0) > LONGEST_ROW) out.push(fold(row))
    else out.push(...row)
    if (blocks[end]) out.push(blocks[end] as Block)
    at = end + 1
  }
  return out
}

/** A silent one of Kimaki's own, such as that of a tool. */
const isLine = (block: Block | undefined): block is Block =>
  block !== undefined && !block.byAgent && !block.notify && !block.text.includes('\n') && block.text.length <= LONGEST_LINE

function fold(row: readonly Block[]): Outgoing {
  let shown = 0
  for (let length = 0; length <= SHOWN && shown < row.length; shown += 1) length += (row[shown]?.text.length ?? 0) + 1
  const lines = row.map(({ text }) => text)
  return {
    blocks: row.map(({ key }) => key),
    content: [
      ...lines.slice(0, shown),
      `⬦ and ${row.length - shown} more lines like these: all are in the attached steps.md`,
    ].join('\n'),
    file: { name: 'steps.md', text: `${lines.join('\n')}\n` },
    notify: false,
  }
}

/** UTF-16 units: two messages. */
const LONGEST_ROW = 4000
const LONGEST_LINE = 400
const SHOWN = 700

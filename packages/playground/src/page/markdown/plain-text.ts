/** Markdown as one line without any style, for previews. Pure. */
import { type Block, parseBlocks } from './blocks.ts'
import { type Inline, parseInline } from './inline.ts'

export function plainText(text: string): string {
  const line = parseBlocks(text).map(blockText).join(' ')
  return line.replaceAll(TOKENS, '').replaceAll(/\s+/g, ' ').trim()
}

function blockText(block: Block): string {
  if (block.kind === 'code') return block.text
  if (block.kind === 'quote') return block.blocks.map(blockText).join(' ')
  if (block.kind === 'list') return block.items.flat().map(blockText).join(' ')
  return inlineText(parseInline(block.text))
}

function inlineText(nodes: readonly Inline[]): string {
  return nodes.map((node) => ('children' in node ? inlineText(node.children) : 'text' in node ? node.text : ' ')).join('')
}

/** Only tests read the marks of scripted answers. */
const TOKENS = /⟦t\d+⟧/g

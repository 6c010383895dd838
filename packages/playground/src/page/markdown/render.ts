/** Markdown as DOM nodes. Text only ever becomes text nodes, so nothing that somebody writes can become markup. */
import { h } from '../dom.ts'
import { type Block, parseBlocks } from './blocks.ts'
import { renderText } from './glyphs.ts'
import { highlight } from './highlight.ts'
import { type Inline, parseInline } from './inline.ts'

/** `nameOf`: the name of a mentioned user. */
export function renderMarkdown(text: string, nameOf: (userId: string) => string): readonly Node[] {
  return parseBlocks(text).map((block) => renderBlock(block, nameOf))
}

function renderBlock(block: Block, nameOf: (userId: string) => string): Node {
  const inline = (text: string) => renderInline(parseInline(text), nameOf)
  if (block.kind === 'heading') return h(HEADING_TAGS[block.level], { class: `heading-${block.level}` }, ...inline(block.text))
  if (block.kind === 'subtext') return h('p', { class: 'subtext' }, ...inline(block.text))
  if (block.kind === 'code') return renderCode(block.text, block.language)
  if (block.kind === 'quote') return h('blockquote', {}, ...block.blocks.map((one) => renderBlock(one, nameOf)))
  if (block.kind === 'list') return renderList(block, nameOf)
  return h('p', {}, ...inline(block.text))
}

/** Below the room's and the thread's own headings. */
const HEADING_TAGS = { 1: 'h3', 2: 'h4', 3: 'h5' } as const

function renderList({ start, items }: Extract<Block, { readonly kind: 'list' }>, nameOf: (userId: string) => string): Node {
  const shown = items.map((item) => h('li', {}, ...item.map((one) => renderBlock(one, nameOf))))
  return start === undefined ? h('ul', {}, ...shown) : h('ol', { start: String(start) }, ...shown)
}

function renderCode(text: string, language: string): Node {
  const pieces = highlight(text, language.toLowerCase()).map((piece) =>
    piece.kind === 'plain' ? piece.text : h('span', { class: `code-${piece.kind}` }, piece.text),
  )
  const label = language === '' || language === 'text' ? undefined : h('figcaption', {}, language)
  return h(
    'figure',
    { class: 'code' },
    label,
    h('pre', { tabindex: '0', 'aria-label': `Code${language === '' ? '' : `, ${language}`}` }, h('code', {}, ...pieces)),
  )
}

function renderInline(nodes: readonly Inline[], nameOf: (userId: string) => string): readonly Node[] {
  return nodes.flatMap((node) => (node.kind === 'text' ? renderText(node.text) : [renderStyled(node, nameOf)]))
}

function renderStyled(node: Exclude<Inline, { readonly kind: 'text' }>, nameOf: (userId: string) => string): Node {
  if (node.kind === 'break') return h('br')
  if (node.kind === 'code') return h('code', {}, node.text)
  if (node.kind === 'mention') return h('span', { class: 'mention' }, `@${nameOf(node.userId)}`)
  const children = renderInline(node.children, nameOf)
  // Nothing here leaves the machine: the address is shown, not followed.
  if (node.kind === 'link') return h('span', { class: 'link', title: `${node.href} (links are not followed here)` }, ...children)
  if (node.kind === 'spoiler') return h('span', { class: 'spoiler', tabindex: '0', 'aria-label': 'Spoiler' }, ...children)
  return h(STYLE_TAGS[node.kind], {}, ...children)
}

const STYLE_TAGS = { strong: 'strong', em: 'em', underline: 'u', strike: 's' } as const

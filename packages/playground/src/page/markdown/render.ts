/** Markdown as DOM nodes. Text only ever becomes text nodes, so nothing that somebody writes can become markup. */
import { fullTime } from '../base/format.ts'
import { h } from '../base/dom.ts'
import { placeLink } from '../base/place.ts'
import { type Block, parseBlocks } from './blocks.ts'
import { renderText } from './glyphs.ts'
import { highlight } from './highlight.ts'
import { type Inline, parseInline } from './inline.ts'

/** What is mentioned is named. */
export interface Names {
  user(id: string): string
  /** Of a channel or thread, as it is shown; undefined when there is none. */
  place(id: string): string | undefined
}

export function renderMarkdown(text: string, names: Names): readonly Node[] {
  return parseBlocks(text).map((block) => renderBlock(block, names))
}

function renderBlock(block: Block, names: Names): Node {
  const inline = (text: string) => renderInline(parseInline(text), names)
  if (block.kind === 'heading') return h(HEADING_TAGS[block.level], { class: `heading-${block.level}` }, ...inline(block.text))
  if (block.kind === 'subtext') return h('p', { class: 'subtext' }, ...inline(block.text))
  if (block.kind === 'code') return renderCode(block.text, block.language)
  if (block.kind === 'quote') return h('blockquote', {}, ...block.blocks.map((one) => renderBlock(one, names)))
  if (block.kind === 'list') return renderList(block, names)
  return h('p', {}, ...inline(block.text))
}

/** Below the room's and the thread's own headings. */
const HEADING_TAGS = { 1: 'h3', 2: 'h4', 3: 'h5' } as const

function renderList({ start, items }: Extract<Block, { readonly kind: 'list' }>, names: Names): Node {
  const shown = items.map((item) => h('li', {}, ...item.map((one) => renderBlock(one, names))))
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

function renderInline(nodes: readonly Inline[], names: Names): readonly Node[] {
  return nodes.flatMap((node) => (node.kind === 'text' ? renderText(node.text) : [renderStyled(node, names)]))
}

function renderStyled(node: Exclude<Inline, { readonly kind: 'text' }>, names: Names): Node {
  if (node.kind === 'break') return h('br')
  if (node.kind === 'code') return h('code', {}, node.text)
  // In one form, as the reader's clock has it: Discord has several.
  if (node.kind === 'time') return h('time', { datetime: new Date(node.at).toISOString() }, fullTime(node.at))
  if (node.kind === 'mention') return h('span', { class: 'mention' }, `@${names.user(node.userId)}`)
  if (node.kind === 'place') return placeMention(node.placeId, names.place(node.placeId))
  const children = renderInline(node.children, names)
  // Nothing here leaves the machine: the address is shown, not followed.
  if (node.kind === 'link') return h('span', { class: 'link', title: `${node.href} (links are not followed here)` }, ...children)
  if (node.kind === 'spoiler') return h('span', { class: 'spoiler', tabindex: '0', 'aria-label': 'Spoiler' }, ...children)
  return h(STYLE_TAGS[node.kind], {}, ...children)
}

const placeMention = (id: string, name: string | undefined): Node =>
  name === undefined ? h('span', { class: 'mention' }, '#unknown') : h('a', { class: 'mention', href: placeLink(id) }, name)

const STYLE_TAGS = { strong: 'strong', em: 'em', underline: 'u', strike: 's' } as const

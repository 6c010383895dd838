/**
 * Words of the agent as Discord messages. Tables and callouts become containers (Discord docs: Components > Component Reference), and the
 * words around them text displays in the same message, so that all stays in order. A table that no message can hold becomes code with
 * its columns aligned where a phone can show them beside each other, else a file; a callout becomes a quote.
 */
import {
  componentText,
  componentTexts,
  type Component,
  type Container,
  type TextDisplay,
} from '../../domain/conversation/posts/post.ts'
import type { Outgoing } from '../../view/blocks.ts'
import { markAgentLines, MARK, mayForge } from './agent-lines.ts'
import { inDialect } from './dialect.ts'
import { fromGitHub, segmentsOf, type Segment } from './github.ts'
import { split } from './split.ts'
import { alignedTable, isNarrow, recordsOf } from './table.ts'

export type Shown = Pick<Outgoing, 'content' | 'components' | 'file'>

export interface Measure {
  /** UTF-16 units of a message of text. */
  readonly limit: number
  /** Once there are more messages, what follows is not looked at. */
  readonly most: number
  /** May a table become a file of its own? */
  readonly mayAttach: boolean
}

export function messagesOfAgent(text: string, { limit, most, mayAttach }: Measure): readonly Shown[] {
  const messages: Shown[] = []
  let page: Component[] = []
  const turnPage = (to = page.length): void => {
    messages.push(...messagesOfPage(page.slice(0, to)))
    page = page.slice(to)
  }
  const segments = segmentsOf(text)
  for (const item of itemsOf(segments, mayAttach)) {
    if (item.kind === 'file') {
      turnPage()
      messages.push({ content: TABLE_NOTE, file: { name: 'table.txt', text: `${item.text}\n` } })
      continue
    }
    const chunks = segments.length > 1 ? textsOf : wordsOf
    for (const component of item.kind === 'raw' ? chunks(item.text, limit) : [item]) {
      turnPage(roomFor(component, page))
      page.push(component)
    }
    if (messages.length > most) return messages
  }
  turnPage()
  return messages
}

/** How much of the page goes before it: nothing, words that can stand alone at its beginning, or all of it. */
function roomFor(component: Component, page: readonly Component[]): number {
  const words = page.findIndex(({ kind }) => kind === 'container')
  const most = words === -1 ? page.length : words
  for (let from = 0; from <= most; from += 1) if (fits([...page.slice(from), component])) return from
  return page.length
}

/** The same as text alone. */
export const agentText = (text: string): string => markAgentLines(inDialect(fromGitHub(text)))

/** A cut may put what stood within a line at the beginning of one. */
function agentChunks(text: string, limit: number): readonly string[] {
  const shown = agentText(text)
  return mayForge(text) ? split(shown, limit - MARK.length).map(markAgentLines) : split(shown, limit)
}

/** Words that need no components are posted without them: Discord finds and copies those more easily. */
const messagesOfPage = (page: readonly Component[]): readonly Shown[] =>
  page.some(({ kind }) => kind === 'container')
    ? [{ content: componentText(page), components: page, file: undefined }]
    : componentTexts(page).map((content) => ({ content, file: undefined }))

/** `raw`: as the agent wrote it. */
type Item = Component | { readonly kind: 'raw'; readonly text: string } | { readonly kind: 'file'; readonly text: string }

/** One after the other, as they are asked for. What stays text is cut as one with the words around it. */
function* itemsOf(segments: readonly Segment[], mayAttach: boolean): Generator<Item, void> {
  let raw: string[] = []
  for (const segment of segments) {
    const item = containerOf(segment) ?? (mayAttach ? fileOf(segment) : undefined)
    if (!item) {
      raw.push(segment.text)
      continue
    }
    if (raw.length > 0) yield { kind: 'raw', text: raw.join('\n') }
    raw = []
    yield item
  }
  if (raw.length > 0) yield { kind: 'raw', text: raw.join('\n') }
}

function fileOf(segment: Segment): Item | undefined {
  if (segment.kind !== 'table' || isNarrow(segment.table)) return undefined
  return { kind: 'file', text: alignedTable(segment.table) }
}

/** Undefined: it has nothing to show, or more than one message holds. */
function containerOf(segment: Segment): Container | undefined {
  if (segment.kind === 'text' || (segment.kind === 'table' && segment.table.rows.length > MOST_COMPONENTS)) return undefined
  const { title, color, body = '' } = segment.kind === 'callout' ? segment.callout : {}
  const heading = title === undefined ? [] : [textDisplay(`**${title}**`)]
  const components = segment.kind === 'table' ? insideOf(segment) : [...heading, ...segmentsOf(body).flatMap(insideOf)]
  const container: Container = { kind: 'container', components, ...(color !== undefined && { color }) }
  return components.length > 0 && fits([container]) ? container : undefined
}

/** A container holds no other. */
function insideOf(segment: Segment): Container['components'] {
  if (segment.kind !== 'table') return textsOf(segment.text, MOST_CHARACTERS)
  return recordsOf(segment.table)
    .map((row) => textsOf(row, MOST_CHARACTERS))
    .filter((row) => row.length > 0)
    .flatMap((row, index): Container['components'] => (index === 0 ? row : [{ kind: 'separator' }, ...row]))
}

/** Beside a table or a callout: fences with nothing in them say nothing there. */
const textsOf = (text: string, limit: number): readonly TextDisplay[] =>
  wordsOf(text, limit).filter((one) => !ONLY_FENCES.test(one.text))

const wordsOf = (text: string, limit: number): readonly TextDisplay[] => agentChunks(text, limit).map(textDisplay)

const ONLY_FENCES = /^(?:[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3,}[^`\n]*|~{3,}[^\n]*)(?:\n|$))+$/

const textDisplay = (text: string): TextDisplay => ({ kind: 'text', text })

function fits(components: readonly Component[]): boolean {
  const nested = components.reduce((sum, one) => sum + 1 + (one.kind === 'container' ? one.components.length : 0), 0)
  const characters = componentTexts(components).reduce((sum, { length }) => sum + length, 0)
  return nested <= MOST_COMPONENTS && characters <= MOST_CHARACTERS
}

/** Of a message, nested components and their texts counted. */
const MOST_COMPONENTS = 40
const MOST_CHARACTERS = 4000
const TABLE_NOTE = '⬦ a table too large to show here: it is in the attached table.txt'

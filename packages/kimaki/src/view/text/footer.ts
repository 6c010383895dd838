/** The line below a finished answer: where it was made, how long it took, by whom. */
import { cut, oneLine, stripControl } from '../../base/text.ts'
import { escapeInline } from './markdown.ts'

export interface FooterFacts {
  /** Name of the project's folder, without its path. */
  readonly folder: string
  readonly branch?: string | undefined
  /** From the user message's creation to the completion of the answer. */
  readonly durationMs: number
  /** Share of the model's context in use, 0 to 100; undefined when unknown. */
  readonly contextPercent?: number | undefined
  /** US dollars; absent when it is nothing. */
  readonly cost?: number | undefined
  /** How many files were changed; absent where none was. */
  readonly changed?: { readonly files: number } | undefined
  readonly model: string
  readonly agent: string
}

export function footerText(facts: FooterFacts): string {
  const pieces = [
    name(facts.folder, PLACE_MAX),
    name(facts.branch ?? '', PLACE_MAX),
    durationText(facts.durationMs),
    facts.changed ? `${countOf(facts.changed.files)} changed` : '',
    facts.contextPercent === undefined ? '' : `${Math.round(facts.contextPercent)}%`,
    costText(facts.cost ?? 0),
    name(facts.model, NAME_MAX),
    facts.agent === '' || facts.agent === DEFAULT_AGENT ? '' : `**${name(facts.agent, NAME_MAX)}**`,
  ]
  return `*${pieces.filter((piece) => piece !== '').join(' ⋅ ')}*`
}

export const countOf = (files: number): string => (files === 1 ? '1 file' : `${files} files`)

/** `$0.12`, `$12.30`; cents of a cent while it is below one. */
export function costText(dollars: number): string {
  if (dollars <= 0) return ''
  if (dollars < 0.0001) return '<$0.0001'
  return `$${dollars.toFixed(dollars < 0.01 ? 4 : 2)}`
}

/** `<1s`, `12s`, `2m 30s`, `1h 5m`: the two largest units, no decimals. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return '<1s'
  const units = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}

const name = (text: string, max: number): string => escapeInline(cut(oneLine(stripControl(text)), max))

const PLACE_MAX = 30
const NAME_MAX = 60
/** OpenCode's own default; naming it would say nothing. */
const DEFAULT_AGENT = 'build'

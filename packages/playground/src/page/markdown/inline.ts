/** Discord's inline Markdown as a tree. Pure; whatever is not understood stays text, so nothing a person wrote is lost. */

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: Style; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'mention'; readonly userId: string }
  | { readonly kind: 'place'; readonly placeId: string }
  /** Unix milliseconds. */
  | { readonly kind: 'time'; readonly at: number }

type Style = 'strong' | 'em' | 'underline' | 'strike' | 'spoiler'

interface Found {
  readonly node: Inline
  readonly end: number
}

export function parseInline(text: string): readonly Inline[] {
  const nodes: Inline[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') nodes.push({ kind: 'text', text: plain })
    plain = ''
  }
  let at = 0
  while (at < text.length) {
    const escaped = text[at] === '\\' && ESCAPABLE.test(text[at + 1] ?? '') ? text[at + 1] : undefined
    const found = escaped === undefined ? findAt(text, at) : undefined
    if (found) {
      flush()
      nodes.push(found.node)
      at = found.end
    } else {
      plain += escaped ?? text[at] ?? ''
      at += escaped === undefined ? 1 : 2
    }
  }
  flush()
  return nodes
}

function findAt(text: string, at: number): Found | undefined {
  if (text[at] === '\n') return { node: { kind: 'break' }, end: at + 1 }
  return codeAt(text, at) ?? patternAt(text, at) ?? styleAt(text, at)
}

/** As many backticks end it as began it; one space inside them is for show. */
function codeAt(text: string, at: number): Found | undefined {
  if (text[at] !== '`') return undefined
  const end = codeEnd(text, at)
  if (end === undefined) return undefined
  const ticks = ticksAt(text, at)
  const inside = text.slice(at + ticks, end - ticks)
  return { node: { kind: 'code', text: inside.replace(/^ (.*[^ ].*) $/, '$1') }, end }
}

function patternAt(text: string, at: number): Found | undefined {
  for (const { pattern, node } of PATTERNS) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) return { node: node(match), end: at + match[0].length }
  }
  return undefined
}

function styleAt(text: string, at: number): Found | undefined {
  for (const { mark, kind } of STYLES) {
    if (!text.startsWith(mark, at)) continue
    const from = at + mark.length
    const close = closeOf(text, from, mark)
    if (close === undefined || !mayStand(text, { at, from, close, mark })) continue
    return { node: { kind, children: parseInline(text.slice(from, close)) }, end: close + mark.length }
  }
  return undefined
}

/** Where the mark that ends it begins: not behind a backslash, not in code. A doubled mark is not two single ones. */
function closeOf(text: string, from: number, mark: string): number | undefined {
  const [sign = ''] = mark
  let at = from
  while (at < text.length) {
    if (text[at] === '\\') at += 2
    else if (text[at] === '`') at = codeEnd(text, at) ?? at + 1
    else if (mark.length === 1 && text.startsWith(sign + sign, at)) at += 2
    else if (text.startsWith(mark, at) && at > from && (mark.length === 1 || text[at + mark.length] !== sign)) return at
    else at++
  }
  return undefined
}

/** `2 * 3 * 4` and `snake_case_name` hold no emphasis. */
function mayStand(
  text: string,
  { at, from, close, mark }: { readonly at: number; readonly from: number; readonly close: number; readonly mark: string },
): boolean {
  if (mark === '*') return /[^\s*]/.test(text[from] ?? '') && /\S/.test(text[close - 1] ?? '')
  if (mark === '_') return !/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[close + 1] ?? '')
  return true
}

function codeEnd(text: string, at: number): number | undefined {
  const ticks = ticksAt(text, at)
  for (let next = text.indexOf('`', at + ticks); next !== -1;) {
    const found = ticksAt(text, next)
    if (found === ticks) return next + found
    next = text.indexOf('`', next + found)
  }
  return undefined
}

function ticksAt(text: string, at: number): number {
  let end = at
  while (text[end] === '`') end++
  return end - at
}

const ESCAPABLE = /[!-/:-@[-`{-~]/

const STYLES: readonly { readonly mark: string; readonly kind: Style }[] = [
  { mark: '**', kind: 'strong' },
  { mark: '__', kind: 'underline' },
  { mark: '~~', kind: 'strike' },
  { mark: '||', kind: 'spoiler' },
  { mark: '*', kind: 'em' },
  { mark: '_', kind: 'em' },
]

const address = (href: string): Inline => ({ kind: 'link', href, children: [{ kind: 'text', text: href }] })

const PATTERNS: readonly { readonly pattern: RegExp; readonly node: (match: RegExpExecArray) => Inline }[] = [
  { pattern: /<@!?(\d{1,20})>/y, node: ([, userId = '']) => ({ kind: 'mention', userId }) },
  { pattern: /<#(\d{1,20})>/y, node: ([, placeId = '']) => ({ kind: 'place', placeId }) },
  { pattern: /<t:(\d{1,12})(?::[tTdDfFsSR])?>/y, node: ([, seconds]) => ({ kind: 'time', at: Number(seconds) * 1000 }) },
  { pattern: /<(https?:\/\/[^\s>]+)>/y, node: ([, href = '']) => address(href) },
  {
    pattern: /\[([^\]\n]+)\]\((?:<(https?:\/\/[^\s>]+)>|(https?:\/\/[^\s)]+))\)/y,
    node: ([, label = '', quiet, href = quiet ?? '']) => ({ kind: 'link', href, children: parseInline(label) }),
  },
  { pattern: /https?:\/\/[^\s<]*[^\s<.,:;"')\]*_~|]/y, node: ([href]) => address(href) },
]

/** Callouts, which draw the eye to a few lines: GitHub's (`> [!NOTE]`), and what stands between the tags of that name. */

export interface Callout {
  /** GitHub's name of its kind. */
  readonly title: string | undefined
  /** RGB, as one number. */
  readonly color: number | undefined
  /** Markdown. */
  readonly body: string
}

interface Found<T> {
  readonly callout: T
  readonly length: number
}

/** Between tags; `behind`: what stands behind them in the last line. Undefined: none begins at this line, or nothing closes it. */
export function readTags(lines: readonly string[], at: number): Found<Callout & { readonly behind: string }> | undefined {
  const opening = OPENING.exec(lines[at] ?? '')
  if (!opening) return undefined
  let end = at
  while (end < lines.length && !lines[end]?.includes(CLOSING)) end += 1
  if (end === lines.length) return undefined
  const [, marks = '', inside = ''] = opening
  const whole = [inside, ...lines.slice(at + 1, end + 1)].join('\n')
  const body = whole.slice(0, whole.indexOf(CLOSING))
  const behind = whole.slice(body.length + CLOSING.length)
  const accent = ACCENT.exec(marks)?.[1]
  const color = accent === undefined ? undefined : Number.parseInt(accent, 16)
  return { callout: { title: undefined, color, body: body.trim(), behind: behind.trim() }, length: end - at + 1 }
}

/** Is there a closing tag at or behind this line? Looked for once, so that a text of nothing but opening tags takes no longer. */
export const lastClosing = (lines: readonly string[]): number => lines.findLastIndex((line) => line.includes(CLOSING))

/** In a quote; undefined: none begins at this line. */
export function readAlert(lines: readonly string[], at: number): Found<Callout> | undefined {
  const title = alertTitle(lines[at] ?? '')
  if (title === undefined || !isTopLevel(lines[at] ?? '')) return undefined
  let end = at + 1
  while (end < lines.length && isTopLevel(lines[end] ?? '') && alertTitle(lines[end] ?? '') === undefined) end += 1
  const body = lines
    .slice(at + 1, end)
    .map((line) => line.replace(/^ {0,3}> ?/, ''))
    .join('\n')
  return { callout: { title, color: COLORS[title], body: body.trim() }, length: end - at }
}

/** Of a line that begins a callout of GitHub's, the name of its kind. */
export function alertTitle(line: string): string | undefined {
  const name = ALERT.exec(line)?.[1]
  return name === undefined ? undefined : Object.keys(COLORS).find((title) => new RegExp(`^${title}$`, 'i').test(name))
}

const isTopLevel = (line: string): boolean => /^ {0,3}>/.test(line)

/** GitHub's. */
const COLORS: Readonly<Record<string, number>> = {
  Note: 0x1f_6f_eb,
  Tip: 0x23_86_36,
  Important: 0x89_57_e5,
  Warning: 0x9e_6a_03,
  Caution: 0xda_36_33,
}
const ALERT = /^[ \t]*>[ \t]*\[!([A-Za-z]{3,9})\][ \t]*$/
const OPENING = /^[ \t]*<callout(\s[^>]{0,200})?>(.*)$/
const ACCENT = /\baccent=["']?#([0-9a-f]{6})\b/i
const CLOSING = '</callout>'

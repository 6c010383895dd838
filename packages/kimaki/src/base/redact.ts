/**
 * Takes secrets out of text: values known to be secret (`Secrets`), and what looks like one (`redactShapes`). Both take time in proportion to
 * the text.
 *
 * K1 A known value is found as it is, escaped for Markdown or JSON, percent-encoded, and in base64 wherever in the encoded text it begins.
 * K2 Of a known value, 16 characters in a row are found anywhere, and 8 where a line or a cut (`…`) begins or ends: texts are cut in many
 *    places, and a text that is still being written may end within a value.
 * K3 Cleaning a text again changes nothing, and no text becomes longer but by a known value of fewer than 10 characters.
 */

const REDACTED = '[redacted]'

/** UTF-16 units of a text, and texts: at most 2 MB. */
const LONGEST_KEPT = 2000
const MOST_KEPT = 500

/** What is known to be secret: it grows while the bot runs. */
export class Secrets {
  /** Eight characters of a value, and where they stand in which. */
  readonly #pieces = new Map<string, Piece[]>()
  /** Beginnings and ends of values, of 8 to 15 characters. */
  readonly #beginnings = new Set<string>()
  readonly #ends = new Set<string>()
  /** Too short to be found by a piece. */
  readonly #short = new Set<string>()
  readonly #known = new Set<string>()
  /** Texts that were cleaned before: what stands in an open post is cleaned after every event. The oldest is forgotten first. */
  readonly #cleaned = new Map<string, string>()

  constructor(values: readonly string[] = []) {
    this.add(...values)
  }

  /** Values of fewer than six characters would be found in plain words: they are left out. */
  add(...values: readonly string[]): void {
    for (const value of values) {
      if (value.length < SHORTEST || value.length > LONGEST || this.#known.has(value)) continue
      this.#known.add(value)
      this.#cleaned.clear()
      for (const form of formsOf(value)) this.#addForm(form)
    }
  }

  /** The text without any known value. */
  clean(text: string): string {
    if (text.length > LONGEST_KEPT) return this.#clean(text)
    const known = this.#cleaned.get(text)
    if (known !== undefined) return known
    const [oldest] = this.#cleaned.keys()
    if (oldest !== undefined && this.#cleaned.size >= MOST_KEPT) this.#cleaned.delete(oldest)
    const clean = this.#clean(text)
    this.#cleaned.set(text, clean)
    return clean
  }

  #clean(text: string): string {
    let clean = text
    for (const short of this.#short) if (clean.includes(short)) clean = clean.replaceAll(short, REDACTED)
    return this.#pieces.size === 0 ? clean : this.#withoutEdges(this.#withoutRuns(clean))
  }

  #addForm(form: string): void {
    if (form.length < RUN) return void this.#short.add(form)
    for (let at = 0; at + PIECE <= form.length; at += 1) {
      const piece = form.slice(at, at + PIECE)
      const places = this.#pieces.get(piece)
      if (!places) this.#pieces.set(piece, [{ form, at }])
      else if (places.length < MOST_PLACES) places.push({ form, at })
    }
    for (let length = PIECE; length < RUN; length += 1) {
      this.#beginnings.add(form.slice(0, length))
      this.#ends.add(form.slice(-length))
    }
  }

  /** Looks at every eighth place: a run of 16 has a whole piece at one of them. */
  #withoutRuns(text: string): string {
    let clean = ''
    let from = 0
    for (let at = 0; at + PIECE <= text.length;) {
      const run = this.#longestRun(text, at, from)
      if (run === undefined) at += PIECE
      else {
        clean += text.slice(from, run.start) + REDACTED
        from = run.end
        at = run.end
      }
    }
    return from === 0 ? text : clean + text.slice(from)
  }

  #longestRun(text: string, at: number, from: number): Run | undefined {
    let longest: Run | undefined
    for (const { form, at: place } of this.#pieces.get(text.slice(at, at + PIECE)) ?? []) {
      let before = 0
      while (before < place && at - before > from && text[at - before - 1] === form[place - before - 1]) before += 1
      let after = PIECE
      while (place + after < form.length && text[at + after] === form[place + after]) after += 1
      if (before + after >= RUN && before + after > (longest ? longest.end - longest.start : 0))
        longest = { start: at - before, end: at + after }
    }
    return longest
  }

  /** Half a value at the edge of a line or of a cut: it is held back. */
  #withoutEdges(text: string): string {
    return text
      .split(EDGE)
      .map((piece) => this.#withoutEnd(this.#withoutStart(piece)))
      .join('')
  }

  #withoutEnd(line: string): string {
    for (let length = Math.min(RUN - 1, line.length); length >= PIECE; length -= 1)
      if (this.#beginnings.has(line.slice(-length))) return `${line.slice(0, -length)}…`
    return line
  }

  #withoutStart(line: string): string {
    for (let length = Math.min(RUN - 1, line.length); length >= PIECE; length -= 1)
      if (this.#ends.has(line.slice(0, length))) return `…${line.slice(length)}`
    return line
  }
}

interface Piece {
  readonly form: string
  readonly at: number
}

interface Run {
  readonly start: number
  readonly end: number
}

const SHORTEST = 6
/** Nobody's key is longer; a certificate may be. */
const LONGEST = 8192
const PIECE = 8
const RUN = 16
/** Where one character fills a value, all its pieces are the same. */
const MOST_PLACES = 32
const EDGE = /([\n…])/

/** How a value may stand in a text. */
function formsOf(value: string): ReadonlySet<string> {
  const wellFormed = value.toWellFormed()
  return new Set([
    value,
    value.replaceAll(/[*_~|`\\[\]<]/g, String.raw`\$&`),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(wellFormed),
    ...(value.length < RUN ? [] : [0, 1, 2].flatMap((shift) => inBase64(wellFormed, shift))),
  ])
}

/** Without the characters at both ends that hold bits of what stands around the value. */
function inBase64(value: string, shift: number): readonly string[] {
  const bytes = Buffer.from('\0'.repeat(shift) + value)
  const coded = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64')
  const inner = coded.slice(shift === 0 ? 0 : 4)
  return inner.length < RUN ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
}

/** Known values and shapes: for logs. */
export const redact = (text: string, secrets: Secrets): string => redactShapes(secrets.clean(text))

/** What looks like a key: for the words of providers and programs. An agent's answer may show what only looks like one. */
export function redactShapes(text: string): string {
  let clean = text
  for (const shape of SHAPES) clean = clean.replaceAll(shape, REDACTED)
  return clean
}

/** None can fail after more than a few characters, or only where a run of such characters begins. */
const SHAPES: readonly RegExp[] = [
  // Private keys in PEM, also in JSON.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])*(?:[A-Za-z0-9+/=]{16,}(?:\s|\\[nr])*)*(?:[A-Za-z0-9+/=]{1,64}(?:\s|\\[nr]){0,9})?(?:-----END [A-Z ]{0,60}-----)?/g,
  // Discord bot tokens: base64 of the application id, a time, a signature.
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g,
  // JSON Web Tokens.
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  // Keys by the prefix of whoever gives them out.
  /\b(?:sk|pk|rk|xai|glpat|pplx|gldt|glrt)-[\w-]{16,}/g,
  /\b(?:gh[pousr]|github_pat|npm|hf|gsk|r8|sk_live|sk_test|rk_live|dop_v1|shpat)_\w{20,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\bxapp-[\w-]{16,}/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}/g,
  // Webhooks of Discord and Slack: whoever knows the address may post.
  /(?<=\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,20}\/)[\w-]{20,}/gi,
  /(?<=\bhooks\.slack\.com\/services\/)[\w/]{20,}/gi,
  // Log-ins in addresses.
  /(?<=\w:\/\/)[^\s/@:"'<>]{0,128}:[^\s/"'<>]{1,256}(?=@)/g,
  /(?<=\w:\/\/)[^\s/@:"'<>]{20,256}(?=@)/g,
  // Headers and fields that hold nothing else.
  /(?<=\b(?:[Bb]earer|BEARER|Bot|[Bb]asic) )[\w.~+/=-]{16,}/g,
  /(?<=\b(?:authorization|api[_-]?key|client[_-]?secret|secret[_-]?access[_-]?key|(?:access|refresh|auth)[_-]?token|password|passwd)["']{0,2}\s{0,3}[:=]\s{0,3}["']{0,2})[\w.~+/=-]{16,}/gi,
]

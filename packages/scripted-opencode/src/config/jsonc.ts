/** JSON with comments and trailing commas; what is wrong is told with the name that OpenCode's parser has for it. */

export class JsoncError extends Error {
  /** `ValueExpected`, `CloseBraceExpected` and so on. */
  readonly code: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number

  constructor(code: string, source: string, offset: number) {
    const lines = source.slice(0, offset).split('\n')
    super(`${code} at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`)
    this.code = code
    this.line = lines.length
    this.column = (lines.at(-1) ?? '').length + 1
  }
}

export function parseJsonc(source: string): unknown {
  try {
    return JSON.parse(source) as unknown
  } catch {
    return new Reader(source).document()
  }
}

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y
const LITERAL = /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\\n]|\\.)*"/y

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  document(): unknown {
    const value = this.#value()
    if (value instanceof JsoncError) return value
    this.#match(BLANK)
    return this.#at < this.#source.length ? this.#wrong('EndOfFileExpected') : value
  }

  #value(): unknown {
    this.#match(BLANK)
    if (this.#take('{')) return this.#object()
    if (this.#take('[')) return this.#array()
    const literal = this.#match(LITERAL)
    if (literal !== '') return JSON.parse(literal) as unknown
    return this.#wrong(this.#source[this.#at] === '"' ? 'UnexpectedEndOfString' : 'ValueExpected')
  }

  #object(): unknown {
    const entries: [string, unknown][] = []
    for (;;) {
      if (this.#take('}')) return Object.fromEntries(entries)
      this.#match(BLANK)
      if (this.#at >= this.#source.length) return this.#wrong('CloseBraceExpected')
      if (this.#source[this.#at] !== '"') return this.#wrong('PropertyNameExpected')
      const name = this.#value()
      if (name instanceof JsoncError) return name
      if (!this.#take(':')) return this.#wrong('ColonExpected')
      const value = this.#value()
      if (value instanceof JsoncError) return value
      entries.push([String(name), value])
      if (!this.#take(',') && !this.#isNext('}')) return this.#wrong(this.#isOver() ? 'CloseBraceExpected' : 'CommaExpected')
    }
  }

  #array(): unknown {
    const values: unknown[] = []
    for (;;) {
      if (this.#take(']')) return values
      const value = this.#value()
      if (value instanceof JsoncError) return value
      values.push(value)
      if (!this.#take(',') && !this.#isNext(']')) return this.#wrong(this.#isOver() ? 'CloseBracketExpected' : 'CommaExpected')
    }
  }

  #take(sign: string): boolean {
    const isThere = this.#isNext(sign)
    if (isThere) this.#at += 1
    return isThere
  }

  #isNext(sign: string): boolean {
    this.#match(BLANK)
    return this.#source[this.#at] === sign
  }

  #isOver = (): boolean => this.#at >= this.#source.length

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #wrong = (code: string): JsoncError => new JsoncError(code, this.#source, this.#at)
}

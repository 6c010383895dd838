/** A little colour for code: comments, strings, numbers and the words a language keeps for itself. Pure. */

export interface Piece {
  readonly kind: 'plain' | 'comment' | 'string' | 'number' | 'keyword' | 'added' | 'removed'
  readonly text: string
}

export function highlight(code: string, language: string): readonly Piece[] {
  if (language === 'diff') return code.split(/(?<=\n)/).map((line) => ({ kind: DIFF.get(line[0] ?? '') ?? 'plain', text: line }))
  const grammar = GRAMMARS.get(language)
  if (!grammar) return [{ kind: 'plain', text: code }]
  const pieces: Piece[] = []
  let end = 0
  for (const match of code.matchAll(grammar)) {
    const [text] = match
    if (match.index > end) pieces.push({ kind: 'plain', text: code.slice(end, match.index) })
    const kind = KINDS.find((name) => match.groups?.[name] !== undefined) ?? 'plain'
    pieces.push({ kind, text })
    end = match.index + text.length
  }
  if (end < code.length) pieces.push({ kind: 'plain', text: code.slice(end) })
  return pieces
}

const KINDS = ['comment', 'string', 'number', 'keyword'] as const
const DIFF: ReadonlyMap<string, Piece['kind']> = new Map([
  ['+', 'added'],
  ['-', 'removed'],
])

const STRING = String.raw`(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|${'`'}(?:\\[^]|[^\\${'`'}])*${'`'})`
const NUMBER = String.raw`(?<number>\b\d[\d_.]*\b)`
const grammar = (comment: string, keywords: string) =>
  new RegExp(`(?<comment>${comment})|${STRING}|${NUMBER}|(?<keyword>(?<![-\\w])(?:${keywords})\\b)`, 'g')

const SCRIPT = grammar(
  String.raw`//.*|/\*[^]*?\*/`,
  'async|await|break|case|catch|class|const|continue|default|do|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|interface|let|new|null|of|return|static|super|switch|this|throw|true|try|type|typeof|undefined|while|yield',
)
const SHELL = grammar(String.raw`(?<=^|\s)#.*`, 'if|then|else|elif|fi|for|in|do|done|while|case|esac|function|export|echo|cd|set')
const PYTHON = grammar(
  '#.*',
  'and|as|async|await|class|def|elif|else|except|False|for|from|if|import|in|is|lambda|None|not|or|pass|raise|return|True|try|while|with|yield',
)

const GRAMMARS: ReadonlyMap<string, RegExp> = new Map([
  ...['js', 'javascript', 'mjs', 'ts', 'typescript', 'json', 'jsx', 'tsx'].map((name) => [name, SCRIPT] as const),
  ...['sh', 'bash', 'shell', 'zsh'].map((name) => [name, SHELL] as const),
  ...['py', 'python'].map((name) => [name, PYTHON] as const),
])

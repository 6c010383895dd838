/**
 * Rule: only one file gives a text from outside to a shell. Everybody else hands programs a list of arguments, or a shell a
 * script that is written in the same file, word for word.
 */
import { parseSync, Visitor, type ESTree } from 'vite'
import type { Tree } from './modules.ts'
import { SRC } from './plan.ts'

const CHILD_PROCESS = new Set(['node:child_process', 'child_process'])
/** `sh -c`, `bash -lc`, `cmd /c`, `powershell -Command`. */
const COMMAND_FLAG = /^(-[a-z]*c|\/[ckCK]|-[Cc]ommand)$/
/** Functions of Node whose first argument a shell reads. */
const SHELLS = new Set(['exec', 'execSync'])
/** A script that hands on what it was given: `sh -c "$1"`, `eval`. */
const HANDS_ON = /\s-\w*c\s+["']?\$|\beval\b/

/** `owner`: the file below `src/` that may. */
export function shellViolations(sources: Tree, owner: string): readonly string[] {
  return [...sources]
    .filter(([path]) => path.startsWith(SRC) && path.endsWith('.ts') && path !== SRC + owner)
    .flatMap(([path, text]) => troubles(path, text).map((reason) => `${path}: ${reason}`))
}

function troubles(path: string, text: string): readonly string[] {
  const { program } = parseSync(path, text)
  const found: string[] = []
  const scripts = new Set<string>()
  let starts = false

  /** Import and export: by name, so that what is taken can be seen. */
  const taken = (source: string, names: readonly (string | undefined)[]): void => {
    if (!CHILD_PROCESS.has(source)) return
    starts = true
    for (const name of names) {
      if (name === undefined) found.push('takes node:child_process as a whole; name what is needed')
      else if (SHELLS.has(name)) found.push(`${name} gives its text to a shell`)
    }
  }
  new Visitor({
    ImportDeclaration: ({ source, specifiers }) =>
      taken(
        source.value,
        specifiers.map((one) => (one.type === 'ImportSpecifier' ? nameOf(one.imported) : undefined)),
      ),
    ExportNamedDeclaration: ({ source, specifiers }) =>
      void (
        source &&
        taken(
          source.value,
          specifiers.map(({ local }) => nameOf(local)),
        )
      ),
    ExportAllDeclaration: ({ source }) => taken(source.value, [undefined]),
    ImportExpression: ({ source }) => void (isText(source) && taken(source.value, [undefined])),
    CallExpression: ({ arguments: [first] }) => void (first && isText(first) && taken(first.value, [undefined])),
    VariableDeclaration({ kind, declarations }) {
      if (kind !== 'const') return
      for (const { id, init } of declarations)
        if (id.type === 'Identifier' && init && isScript(init, scripts)) scripts.add(id.name)
    },
  }).visit(program)
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && HANDS_ON.test(value) && found.push('a script hands on a text')),
    TemplateElement: ({ value }) => void (HANDS_ON.test(value.raw) && found.push('a script hands on a text')),
    Property({ key, value }) {
      const name = key.type === 'Identifier' ? key.name : isText(key) ? key.value : undefined
      if (starts && name === 'shell' && !(value.type === 'Literal' && value.value === false)) found.push('has the option "shell"')
    },
    ArrayExpression({ elements }) {
      for (const [index, element] of elements.entries()) {
        const script = elements[index + 1]
        if (!element || !isText(element) || !COMMAND_FLAG.test(element.value)) continue
        if (!script || !isScript(script, scripts)) found.push(`"${element.value}" with a script that is not written here`)
      }
    },
  }).visit(program)
  return found
}

type Text = ESTree.StringLiteral

const isText = (node: ESTree.Node): node is Text => node.type === 'Literal' && typeof node.value === 'string'
const nameOf = (node: ESTree.ModuleExportName): string => (node.type === 'Literal' ? node.value : node.name)

/** Nothing is put into it when it runs. */
function isScript(node: ESTree.Node, scripts: ReadonlySet<string>): boolean {
  if (node.type === 'TemplateLiteral') return node.expressions.length === 0
  return isText(node) || (node.type === 'Identifier' && scripts.has(node.name))
}

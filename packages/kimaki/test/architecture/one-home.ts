/** A copy of the product in a folder of its own, to which a feature is added as anybody would add one: own files, and a line in a list. */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseSync, type ESTree } from 'vite'
import { readSources, type Tree } from './modules.ts'

/** A place where something new is added to the product. Paths are below its source. */
export interface Seam {
  /** The file with the list. */
  readonly list: string
  /** The list's name in it. */
  readonly array: string
  /** What is added: a file beside the list, from a template in fixtures/one-home. */
  readonly template: string
}

export const SEAMS: readonly Seam[] = [
  { list: 'domain/conversation/features/index.ts', array: 'FEATURES', template: 'feature.ts.txt' },
  { list: 'view/index.ts', array: 'VIEWS', template: 'view.ts.txt' },
  { list: 'app/effects/index.ts', array: 'EFFECTS', template: 'effect.ts.txt' },
  { list: 'commands/index.ts', array: 'COMMANDS', template: 'command.ts.txt' },
  { list: 'cli/commands/index.ts', array: 'CLI_COMMANDS', template: 'verb.ts.txt' },
]

const FIXTURES = fileURLToPath(new URL('fixtures/one-home/', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const run = promisify(execFile)

export class Copy {
  readonly #root = mkdtempSync(join(tmpdir(), 'one-home-'))
  readonly #product = join(this.#root, 'packages/kimaki')

  constructor() {
    mkdirSync(this.#product, { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(this.#root, 'node_modules'))
    cpSync(join(ROOT, 'packages/kimaki/src'), join(this.#product, 'src'), { recursive: true })
    cpSync(join(ROOT, 'packages/kimaki/package.json'), join(this.#product, 'package.json'))
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
      readonly compilerOptions: object
    }
    const config = { compilerOptions, include: ['packages/kimaki'] }
    writeFileSync(join(this.#root, 'tsconfig.json'), JSON.stringify(config))
  }

  /** Writes the new file and lists it. */
  add({ list, array, template }: Seam): void {
    const path = join(this.#product, 'src', list)
    cpSync(FIXTURES + template, join(this.#product, 'src', posix.dirname(list), 'dummy.ts'))
    writeFileSync(path, listed(readFileSync(path, 'utf8'), array))
  }

  /** Its sources, as the rules read them. */
  sources(): Tree {
    return readSources(this.#root)
  }

  /** Lines that the product's own files have in the copy only, by file. */
  newLines(): Readonly<Record<string, readonly string[]>> {
    const [old, now] = [join(ROOT, 'packages/kimaki/src'), join(this.#product, 'src')]
    const files = globSync('**/*.ts', { cwd: now }).filter((file) => existsSync(join(old, file)))
    const changed = files.flatMap((file) => {
      const known = new Set(readFileSync(join(old, file), 'utf8').split('\n'))
      const lines = readFileSync(join(now, file), 'utf8').split('\n')
      const added = lines.filter((line) => !known.has(line))
      return added.length === 0 ? [] : [[file, added] as const]
    })
    return Object.fromEntries(changed)
  }

  /** What the compiler says of the copy; empty when it is content. */
  async types(): Promise<string> {
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    return run(tsc, ['-p', join(this.#root, 'tsconfig.json')]).then(
      ({ stdout }) => stdout,
      (error: Error & { readonly stdout?: string }) => error.stdout || error.message,
    )
  }

  /** What the probe found, as JSON. */
  async probe(): Promise<unknown> {
    cpSync(`${FIXTURES}probe.ts.txt`, join(this.#product, 'probe.ts'))
    const { stdout } = await run(process.execPath, [join(this.#product, 'probe.ts')])
    return JSON.parse(stdout)
  }

  async help(): Promise<string> {
    const { stdout } = await run(process.execPath, [join(this.#product, 'src/cli/entry.ts'), '--help'])
    return stdout
  }

  remove(): void {
    rmSync(this.#root, { recursive: true })
  }
}

/** The file with `dummy` imported, and at the end of its list. Throws where there is no such list. */
export function listed(text: string, array: string): string {
  const elements = elementsOf(text, array)
  if (!elements) throw new Error(`there is no list ${array}`)
  const at = elements.end - 1
  const before = text.slice(0, at).trimEnd()
  const isOneLine = !text.slice(elements.start, at).includes('\n')
  const comma = before.endsWith(',') || before.endsWith('[') ? '' : isOneLine ? ', ' : ','
  return `import { dummy } from './dummy.ts'\n${before}${comma}${isOneLine ? 'dummy' : '\n  dummy,\n'}${text.slice(at)}`
}

/** The array that a constant of the file holds, be it `as const`, `satisfies` something, or the argument of a call. */
function elementsOf(text: string, array: string): ESTree.ArrayExpression | undefined {
  const declared = parseSync('index.ts', text).program.body.flatMap((node) => {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node
    return declaration?.type === 'VariableDeclaration' ? declaration.declarations : []
  })
  let value: ESTree.Node | null | undefined = declared.find(({ id }) => id.type === 'Identifier' && id.name === array)?.init
  while (value && value.type !== 'ArrayExpression')
    value =
      'expression' in value ? (value.expression as ESTree.Node) : value.type === 'CallExpression' ? value.arguments[0] : undefined
  return value ?? undefined
}

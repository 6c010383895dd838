/** Rules: no function is long, and none keeps more than a handful of variables that its inner functions read and write. */
import { parseSync, type ESTree } from 'vite'
import type { Tree } from './modules.ts'

export interface FunctionLimits {
  readonly lines: number
  /** Variables (`let`) of one function that functions inside it use. */
  readonly captured: number
}

/** Where something is too much: `path:name`, as the lists of exceptions say it, with the reason. */
export interface Excess {
  readonly at: string
  readonly why: string
}

export function excessiveFunctions(tree: Tree, folder: string, limits: FunctionLimits): readonly Excess[] {
  return [...tree]
    .filter(([path]) => path.startsWith(folder) && path.endsWith('.ts'))
    .flatMap(([path, text]) =>
      functionsOf(path, text).flatMap(({ name, lines, captured }) => {
        const at = `${path}:${name}`
        const long = lines > limits.lines && name !== MODULE ? [{ at, why: `${lines} lines, at most ${limits.lines}` }] : []
        const shared = captured.length > limits.captured
        return [...long, ...(shared ? [{ at, why: `captured: ${captured.join(', ')}; at most ${limits.captured}` }] : [])]
      }),
    )
}

interface FunctionFacts {
  /** Its own name below those of the functions around it: `createPool.evict`. */
  readonly name: string
  readonly lines: number
  /** Its `let`s that a function inside it uses. */
  readonly captured: readonly string[]
}

/** The top of a file counts as a function too, for what it shares with the functions in it. */
const MODULE = 'module'

/** A function or a block, with the variables it declares. */
class Scope {
  readonly owner: Owner
  readonly parent: Scope | undefined
  /** Names declared here; true for a `let`. */
  readonly names = new Map<string, boolean>()

  constructor(owner: Owner, parent: Scope | undefined) {
    this.owner = owner
    this.parent = parent
  }

  find(name: string): Scope | undefined {
    return this.names.has(name) ? this : this.parent?.find(name)
  }
}

interface Owner {
  readonly name: string
  readonly lines: number
  readonly captured: Set<string>
}

export function functionsOf(path: string, text: string): readonly FunctionFacts[] {
  const { program } = parseSync(path, text)
  const owners: Owner[] = []
  const uses: { readonly name: string; readonly scope: Scope }[] = []
  const newOwner = (name: string, lines: number): Owner => {
    const owner = { name, lines, captured: new Set<string>() }
    owners.push(owner)
    return owner
  }

  const visit = (node: Node, scope: Scope, hint = ''): void => {
    if (isFunction(node)) return enter(node, scope, node.id?.name ?? hint)
    if (node.type === 'Identifier') return void uses.push({ name: node.name, scope })
    const here = SCOPES.has(node.type) ? new Scope(scope.owner, scope) : scope
    declare(node, here)
    for (const [child, label] of childrenOf(node)) visit(child, here, label)
  }
  const enter = (node: FunctionNode, scope: Scope, name: string): void => {
    const label = name === '' ? `line ${lineOf(text, node.start)}` : name
    const around = scope.owner.name === MODULE ? '' : `${scope.owner.name}.`
    const inside = new Scope(newOwner(`${around}${label}`, lineOf(text, node.end) - lineOf(text, node.start) + 1), scope)
    for (const param of node.params) {
      for (const each of boundNames(param)) inside.names.set(each, false)
      visit(param, inside)
    }
    if (node.body) visit(node.body, inside)
  }

  visit(program, new Scope(newOwner(MODULE, 0), undefined))
  for (const { name, scope } of uses) {
    const home = scope.find(name)
    if (home?.names.get(name) === true && home.owner !== scope.owner) home.owner.captured.add(name)
  }
  return owners.map(({ captured, ...facts }) => ({ ...facts, captured: [...captured] }))
}

type Node = ESTree.Node
type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression

const SCOPES = new Set(['BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement', 'StaticBlock'])

const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

/** What a node adds to its scope. Hoisting is of no interest: uses are looked up when all is read. */
function declare(node: Node, scope: Scope): void {
  if (node.type === 'VariableDeclaration')
    for (const { id } of node.declarations) for (const name of boundNames(id)) scope.names.set(name, node.kind === 'let')
  if (node.type === 'BlockStatement' || node.type === 'Program')
    for (const each of node.body)
      if ((each.type === 'FunctionDeclaration' || each.type === 'ClassDeclaration') && each.id)
        scope.names.set(each.id.name, false)
}

/** Names bound by a pattern: `a`, `{ a, b: c }`, `[a, ...rest]`, `a = 1`. */
function boundNames(pattern: Node): readonly string[] {
  if (pattern.type === 'Identifier') return [pattern.name]
  if (pattern.type === 'AssignmentPattern') return boundNames(pattern.left)
  if (pattern.type === 'RestElement') return boundNames(pattern.argument)
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap((each) => (each ? boundNames(each) : []))
  if (pattern.type === 'ObjectPattern')
    return pattern.properties.flatMap((each) => boundNames(each.type === 'RestElement' ? each.argument : each.value))
  return []
}

/** Expressions and statements inside a node, each with the name a function there would go by. Types and labels are left out. */
function childrenOf(node: Node): readonly (readonly [Node, string])[] {
  if (node.type === 'MemberExpression') return [[node.object, ''], ...(node.computed ? [[node.property, ''] as const] : [])]
  if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
    const label = node.key.type === 'Identifier' || node.key.type === 'PrivateIdentifier' ? node.key.name : ''
    return [...(node.computed ? [[node.key, ''] as const] : []), ...(node.value ? [[node.value, label] as const] : [])]
  }
  const label = node.type === 'VariableDeclarator' && node.id.type === 'Identifier' ? node.id.name : ''
  return Object.entries(node)
    .flatMap(([, value]: [string, unknown]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode)
    .filter(({ type }) => !type.startsWith('TS') || WRAPPERS.has(type))
    .map((child) => [child, label])
}

/** TypeScript around an expression. */
const WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'])

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Rules: every kind of effect says why it is safe after a crash, and something shows it. */
import { posix } from 'node:path'
import { parseSync, Visitor } from 'vite'
import type { Module } from './modules.ts'
import type { Proof } from './plan.ts'

export interface EffectFacts {
  /** Kinds of the union `Effect`. */
  readonly kinds: readonly string[]
  /** Keys of `AFTER_A_CRASH`. */
  readonly rows: readonly string[]
}

/** The kinds of the union `Effect`, from the text of domain/conversation/effect.ts. */
export function effectKinds(text: string): readonly string[] {
  const kinds: string[] = []
  let inEffect = false
  new Visitor({
    TSTypeAliasDeclaration: ({ id }) => void (inEffect = id.name === 'Effect'),
    'TSTypeAliasDeclaration:exit': () => void (inEffect = false),
    TSPropertySignature({ key, typeAnnotation }) {
      const type = typeAnnotation?.typeAnnotation
      if (!inEffect || key.type !== 'Identifier' || key.name !== 'kind' || type?.type !== 'TSLiteralType') return
      if (type.literal.type === 'Literal') kinds.push(String(type.literal.value))
    },
  }).visit(parseSync('effect.ts', text).program)
  return kinds
}

export function unprovenEffects(
  { kinds, rows }: EffectFacts,
  proofs: Readonly<Record<string, Proof>>,
  shown: Shown,
): readonly string[] {
  const unknown = [...rows, ...Object.keys(proofs)].filter((kind) => !kinds.includes(kind))
  return [
    ...[...new Set(unknown)].map((kind) => `${kind}: is no kind of effect (any more)`),
    ...kinds.filter((kind) => !rows.includes(kind)).map((kind) => `${kind}: has no row in AFTER_A_CRASH`),
    ...kinds.flatMap((kind) => unshown(kind, proofs[kind], shown)),
  ]
}

/** What can show that an effect may be run again. */
export interface Shown {
  /** Names of the crash points. */
  readonly points: readonly string[]
  readonly modules: readonly Module[]
}

function unshown(kind: string, proof: Proof | undefined, { points, modules }: Shown): readonly string[] {
  if (!proof || ('points' in proof && proof.points.length === 0)) return [`${kind}: nothing shows that it may be run again`]
  if ('points' in proof) {
    return proof.points.filter((name) => !points.includes(name)).map((name) => `${kind}: there is no crash point "${name}"`)
  }
  const there = modules.some(({ path, literals }) => path === proof.file && literals.has(proof.test))
  return there ? [] : [`${kind}: ${proof.file} has no test "${proof.test}"`]
}

/** An effect as its file declares it. */
export interface DeclaredEffect {
  readonly kind: string
  readonly afterCrash: { readonly by: string; readonly why: string }
  readonly proof: Proof
}

/** The rule for declarations, a file each: every one says why it may be run again, shows it, and is in the registry once. */
export function effectViolations(effects: readonly DeclaredEffect[], registry: string, shown: Shown): readonly string[] {
  const kinds = effects.map(({ kind }) => kind)
  return [
    ...[...new Set(kinds.filter((kind, index) => kinds.indexOf(kind) !== index))].map((kind) => `${kind}: is declared twice`),
    ...effects.filter(({ afterCrash }) => afterCrash.why.trim() === '').map(({ kind }) => `${kind}: does not say why it is safe`),
    ...effects.flatMap(({ kind, proof }) => unshown(kind, proof, shown)),
    ...unlisted(registry, shown.modules),
  ]
}

/** Files beside the registry that declare an effect and are not imported by it. */
function unlisted(registry: string, modules: readonly Module[]): readonly string[] {
  const folder = posix.dirname(registry)
  const listed = modules.find(({ path }) => path === registry)?.imports.map(({ target }) => target) ?? []
  return modules
    .filter(({ path, names }) => posix.dirname(path) === folder && names.has(DECLARE))
    .filter(({ path, declares }) => path !== registry && !declares.has(DECLARE) && !listed.includes(path))
    .map(({ path }) => `${path}: declares an effect that is not in ${registry}`)
}

const DECLARE = 'defineEffect'

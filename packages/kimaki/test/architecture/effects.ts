/** Rules: every kind of effect says why it is safe after a crash, and something shows it. */
import { posix } from 'node:path'
import { parseSync, Visitor } from 'vite'
import type { EffectDefinition } from '../../src/app/effects/definition.ts'
import type { Module, Tree } from './modules.ts'
import { SRC } from './plan.ts'

/** An effect as its file declares it. */
export type DeclaredEffect = Pick<EffectDefinition, 'kind' | 'afterCrash' | 'proof'>

/** What can show that an effect may be run again. */
export interface Shown {
  /** Names of the crash points. */
  readonly points: readonly string[]
  readonly modules: readonly Module[]
}

function unshown({ kind, proof }: DeclaredEffect, { points, modules }: Shown): readonly string[] {
  if ('points' in proof && proof.points.length === 0) return [`${kind}: nothing shows that it may be run again`]
  if ('points' in proof) {
    return proof.points.filter((name) => !points.includes(name)).map((name) => `${kind}: there is no crash point "${name}"`)
  }
  const there = modules.some(({ path, literals }) => path === proof.file && literals.has(proof.test))
  return there ? [] : [`${kind}: ${proof.file} has no test "${proof.test}"`]
}

/** The rule for declarations, a file each: every one says why it may be run again, shows it, and is in the registry once. */
export function effectViolations(effects: readonly DeclaredEffect[], registry: string, shown: Shown): readonly string[] {
  const kinds = effects.map(({ kind }) => kind)
  return [
    ...[...new Set(kinds.filter((kind, index) => kinds.indexOf(kind) !== index))].map((kind) => `${kind}: is declared twice`),
    ...effects.filter(({ afterCrash }) => afterCrash.why.trim() === '').map(({ kind }) => `${kind}: does not say why it is safe`),
    ...effects.flatMap((effect) => unshown(effect, shown)),
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

/**
 * Kinds that the pure rooms declare: of interfaces that extend `base`, directly or through others. Whoever wants something done must
 * find somebody who does it: an effect or an action without a definition would only be told as failed, or not at all.
 */
export function declaredKinds(sources: Tree, base: string): readonly string[] {
  const declared = [...sources]
    .filter(([path]) => path.startsWith(`${SRC}domain/`))
    .flatMap(([path, text]) => interfaces(path, text))
  const family = new Set([base])
  for (let size = 0; size < family.size;) {
    size = family.size
    for (const { name, parents } of declared) if (parents.some((parent) => family.has(parent))) family.add(name)
  }
  return declared.flatMap(({ name, kind }) => (kind !== undefined && name !== base && family.has(name) ? [kind] : []))
}

interface Declared {
  readonly name: string
  readonly parents: readonly string[]
  /** The value of its field `kind`. */
  readonly kind: string | undefined
}

function interfaces(path: string, text: string): readonly Declared[] {
  const found: Declared[] = []
  new Visitor({
    TSInterfaceDeclaration({ id, extends: parents, body }) {
      const kinds = body.body.flatMap((field) => {
        if (field.type !== 'TSPropertySignature' || field.key.type !== 'Identifier' || field.key.name !== 'kind') return []
        const type = field.typeAnnotation?.typeAnnotation
        return type?.type === 'TSLiteralType' && type.literal.type === 'Literal' ? [String(type.literal.value)] : []
      })
      const names = parents.flatMap(({ expression }) => (expression.type === 'Identifier' ? [expression.name] : []))
      found.push({ name: id.name, parents: names, kind: kinds[0] })
    },
  }).visit(parseSync(path, text).program)
  return found
}

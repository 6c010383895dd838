/** Rules: every kind of effect says why it is safe after a crash, and something shows it. */
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
  { points, modules }: { readonly points: readonly string[]; readonly modules: readonly Module[] },
): readonly string[] {
  const unknown = [...rows, ...Object.keys(proofs)].filter((kind) => !kinds.includes(kind))
  return [
    ...[...new Set(unknown)].map((kind) => `${kind}: is no kind of effect (any more)`),
    ...kinds.filter((kind) => !rows.includes(kind)).map((kind) => `${kind}: has no row in AFTER_A_CRASH`),
    ...kinds.flatMap((kind) => missing(kind, proofs[kind])),
  ]

  function missing(kind: string, proof: Proof | undefined): readonly string[] {
    if (!proof) return [`${kind}: nothing shows that it may be run again`]
    if ('points' in proof) {
      return proof.points.filter((name) => !points.includes(name)).map((name) => `${kind}: there is no crash point "${name}"`)
    }
    const there = modules.some(({ path, literals }) => path === proof.file && literals.has(proof.test))
    return there ? [] : [`${kind}: ${proof.file} has no test "${proof.test}"`]
  }
}

/** What is wrong with a body, in words: where, and what. */
import type { ZodMiniType } from 'zod/mini'

/** `schema` undefined: there should be no body. */
export function problems(schema: ZodMiniType | undefined, body: unknown, at: string): readonly string[] {
  if (schema === undefined) return body === undefined ? [] : [`${at}: a body where there should be none`]
  const result = schema.safeParse(body)
  if (result.success) return []
  return result.error.issues.flatMap((issue) => leaves(issue)).map(({ path, message }) => `${at}: ${path.join('.')}: ${message}`)
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** The issues of a union's best-fitting member (the one with the fewest) instead of "invalid input". */
function leaves(issue: Issue & { readonly code?: string; readonly errors?: readonly (readonly Issue[])[] }): readonly Issue[] {
  const [best] = [...(issue.errors ?? [])].sort((a, b) => a.length - b.length)
  if (issue.code !== 'invalid_union' || best === undefined) return [issue]
  return best.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }))
}

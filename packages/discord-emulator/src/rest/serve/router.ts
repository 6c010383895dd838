/** Finds the route of a request by its method and path. */
import type { Route } from '../route.ts'

export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** `methodNotAllowed`: other methods have the path. */
  | { readonly kind: 'notFound' | 'methodNotAllowed' | 'apiVersion' }

/** API routes live under `/api/v10` or `/v10`, the CDN's and the page that asks for consent beside them. */
export function createRouter(routes: readonly Route[]): (method: string, pathname: string) => Match {
  const byLength = Map.groupBy(routes.map(compile), ({ steps }) => steps.length)
  return (method, pathname) => {
    const path = routePath(pathname)
    if (path === undefined) return { kind: pathname.startsWith('/api/') ? 'apiVersion' : 'notFound' }
    const steps = path.split('/').slice(1).map(decode)
    const fitting = (byLength.get(steps.length) ?? []).filter((candidate) => fits(candidate, steps))
    const chosen = fitting.filter(({ route }) => route.method === method).sort((a, b) => b.literals - a.literals)[0]
    if (chosen === undefined) return { kind: fitting.length > 0 ? 'methodNotAllowed' : 'notFound' }
    return { kind: 'route', route: chosen.route, params: paramsOf(chosen, steps) }
  }
}

const isBeside = (path: string): boolean => path.startsWith('/attachments/') || path === '/oauth2/authorize'

interface Compiled {
  readonly route: Route
  readonly steps: readonly string[]
  /** How many steps are words rather than parameters: `@me` wins over `:user`. */
  readonly literals: number
}

function compile(route: Route): Compiled {
  const steps = route.template.split('/').slice(1)
  return { route, steps, literals: steps.filter((step) => !step.startsWith(':')).length }
}

function routePath(pathname: string): string | undefined {
  if (isBeside(pathname)) return pathname
  // Discord's documentation writes the token's address without a version.
  const path = /^(?:\/api)?\/v10(\/.*)$/.exec(pathname)?.[1] ?? /^\/api(\/oauth2\/token)$/.exec(pathname)?.[1]
  return path === undefined || isBeside(path) ? undefined : path
}

function fits({ steps }: Compiled, given: readonly string[]): boolean {
  return steps.every((step, index) => step.startsWith(':') || step === given[index])
}

function paramsOf({ steps }: Compiled, given: readonly string[]): Readonly<Record<string, string>> {
  const named = steps.map((step, index) => [step.slice(1), given[index] ?? '', step.startsWith(':')] as const)
  return Object.fromEntries(named.filter(([, , isParam]) => isParam).map(([name, value]) => [name, value]))
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

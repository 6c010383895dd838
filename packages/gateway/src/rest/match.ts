/**
 * Finds the route of a request, and builds the path that is asked of Discord from the route and the values it found, each of which has been
 * looked at. The path that came is never passed on.
 */
import { RULES, type Rule } from './table.ts'

export interface Match {
  /** `METHOD /path` of the table. */
  readonly route: string
  readonly rule: Rule
  readonly params: Readonly<Record<string, string>>
  /** Below `/v10`. */
  readonly path: string
}

/** Values that are no snowflake, and what they look like. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  /** `👍`, `name:123`; a name without an id is one of Discord's own. */
  emoji_name: /^[^\p{C}/\\?#%]{1,100}$/u,
  interaction_token: /^[\w.-]{1,512}$/,
  webhook_token: /^[\w.-]{1,512}$/,
  answer_id: /^\d{1,3}$/,
  code: /^[\w-]{1,64}$/,
}
const SNOWFLAKE = /^\d{1,20}$/

interface Compiled {
  readonly route: string
  readonly rule: Rule
  readonly steps: readonly string[]
  readonly literals: number
}

const COMPILED = Map.groupBy(
  [...RULES].map(([route, rule]): Compiled & { readonly key: string } => {
    const [method = '', path = ''] = route.split(' ')
    const steps = path.split('/').slice(1)
    return {
      route,
      rule,
      steps,
      literals: steps.filter((step) => !step.startsWith('{')).length,
      key: `${method} ${steps.length}`,
    }
  }),
  ({ key }) => key,
)

/** `path`: as it came, below `/api/v10`, without its query. Undefined where nothing fits or a value is none. */
export function matchRoute(method: string, path: string): Match | undefined {
  const steps = path.split('/').slice(1).map(decode)
  const fitting = (COMPILED.get(`${method} ${steps.length}`) ?? []).filter(({ steps: own }) =>
    own.every((step, index) => step.startsWith('{') || step === steps[index]),
  )
  const [best] = fitting.toSorted((a, b) => b.literals - a.literals)
  return best && withParams(best, steps)
}

function withParams({ route, rule, steps }: Compiled, given: readonly string[]): Match | undefined {
  const params: Record<string, string> = {}
  for (const [index, step] of steps.entries()) {
    if (!step.startsWith('{')) continue
    const [name, value] = [step.slice(1, -1), given[index] ?? '']
    const shape = SHAPES[name] ?? SNOWFLAKE
    // Only dots: an address would be shortened by them.
    if (!shape.test(value) || /^\.+$/.test(value)) return undefined
    params[name] = value
  }
  const path = steps.map((step) => (step.startsWith('{') ? encodeURIComponent(params[step.slice(1, -1)] ?? '') : step))
  return { route, rule, params, path: `/${path.join('/')}` }
}

/** Something that cannot be decoded is no value of any route. */
function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return '/'
  }
}

import type { ModelLogEntry, ModelRequest, Rule, Step } from './api.ts'

/** The step to play, and the name under which the log knows it. `plain` texts carry no token. */
export interface ChosenStep {
  readonly as: ModelLogEntry['step']
  readonly step: Step | PlainText
}

/** A text without a token, at the pace of a text step. */
export type PlainText = Omit<Extract<Step, { kind: 'text' }>, 'kind'> & { readonly kind: 'plain' }

/** Finds the first rule for the newest user text and, in it, the step that follows the tool rounds already played. */
export function chooseStep(rules: readonly Rule[], request: ModelRequest): ChosenStep {
  const text = request.userTexts.at(-1) ?? ''
  for (const rule of rules) {
    if (request.hasTools === (rule.withoutTools ?? false)) continue
    const match = matchOf(rule.match, text)
    if (match === undefined) continue
    const steps = typeof rule.steps === 'function' ? stepsOrError(rule.steps, match, request) : rule.steps
    if (steps instanceof Error) return unmatched(`the rule for ${String(rule.match)} threw: ${steps.message}`)
    const step = steps[Math.min(request.toolRounds, steps.length - 1)]
    if (step === undefined) return unmatched(`the rule for ${String(rule.match)} has no steps`)
    return step.kind === 'text' && rule.withoutTools ? { as: 'title', step: { ...step, kind: 'plain' } } : { as: step.kind, step }
  }
  return request.hasTools
    ? unmatched(`no rule matches "${clip(text, 200)}"`)
    : { as: 'title', step: { kind: 'plain', text: titleFor(text) } }
}

/** A call without tools asks for a session title (OpenCode: on `small_model`, beside the first prompt). */
function titleFor(text: string): string {
  const words = text
    .replaceAll(/<system-reminder>[^]*?<\/system-reminder>/g, ' ') // said to the model, and not by the person
    .replaceAll(/<[^>]*>/g, ' ') // wrappers a client put around the words of a person
    .replaceAll(/[^\p{L}\p{N}#_.\- ]+/gu, ' ')
    .trim()
    .split(/\s+/u)
  return clip(words.slice(0, 6).join(' '), 50) || 'Untitled'
}

type Match = RegExpMatchArray | readonly [string]

function matchOf(pattern: string | RegExp, text: string): Match | undefined {
  if (typeof pattern === 'string') return text.includes(pattern) ? [pattern] : undefined
  pattern.lastIndex = 0 // a global or sticky pattern would go on where its last match ended
  return pattern.exec(text) ?? undefined
}

function stepsOrError(
  steps: Extract<Rule['steps'], (...args: never) => unknown>,
  match: Match,
  request: ModelRequest,
): readonly Step[] | Error {
  try {
    return steps(match, request)
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

function unmatched(why: string): ChosenStep {
  return { as: 'unmatched', step: { kind: 'text', text: `scripted-model: ${why}` } }
}

function clip(text: string, length: number): string {
  const characters = Array.from(text)
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

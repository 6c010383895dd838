/**
 * What a plugin asks before a log-in. Questions with options are asked first, a menu each; those that want words come together in one
 * modal, last of all, because what people type there goes straight to OpenCode. Pure.
 */
import type { Inputs, LogInMethod, LogInPrompt } from '../../ports/agent/log-ins.ts'
import { NOT_ASKED } from './place.ts'

type Kind<K extends LogInPrompt['kind']> = Extract<LogInPrompt, { readonly kind: K }>

/** The next question with options, and the choices up to it; undefined: all are answered, by these choices. */
export function nextChoice(
  { prompts }: LogInMethod,
  given: readonly string[],
): { readonly ask: Kind<'select'> | undefined; readonly choices: readonly string[] } {
  const known: Record<string, string> = {}
  const choices: string[] = []
  for (const prompt of prompts.filter((one) => one.kind === 'select')) {
    if (!mayApply(prompt, known, prompts)) {
      choices.push(NOT_ASKED)
      continue
    }
    const chosen = prompt.options[Number(given[choices.length] ?? Number.NaN)]
    if (!chosen) return { ask: prompt, choices }
    known[prompt.key] = chosen.value
    choices.push(String(prompt.options.indexOf(chosen)))
  }
  return { ask: undefined, choices }
}

/** The questions that want words, as far as is known before the words are there. */
export function textsOf({ prompts }: LogInMethod, choices: readonly string[]): readonly Kind<'text'>[] {
  const known = chosenIn(prompts, choices)
  return prompts.filter((prompt) => prompt.kind === 'text').filter((prompt) => mayApply(prompt, known, prompts))
}

/** What OpenCode is told: the answers to those questions that apply. */
export function inputsOf(method: LogInMethod, choices: readonly string[], words: readonly string[]): Inputs {
  const chosen = chosenIn(method.prompts, choices)
  const written = new Map(textsOf(method, choices).map(({ key }, index) => [key, words[index] ?? '']))
  const inputs: Record<string, string> = {}
  for (const prompt of method.prompts) {
    const answer = prompt.kind === 'select' ? chosen[prompt.key] : written.get(prompt.key)
    if (answer !== undefined && applies(prompt, inputs)) inputs[prompt.key] = answer
  }
  return inputs
}

function chosenIn(prompts: readonly LogInPrompt[], choices: readonly string[]): Readonly<Record<string, string>> {
  const selects = prompts.filter((prompt) => prompt.kind === 'select')
  return Object.fromEntries(
    selects.flatMap(({ key, options }, index) => {
      const value = options[Number(choices[index] ?? Number.NaN)]?.value
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** As OpenCode's terminal has it: what hangs on a question that was not asked is not asked. */
function applies({ when }: LogInPrompt, answers: Inputs): boolean {
  if (!when) return true
  const answer = Object.hasOwn(answers, when.key) ? answers[when.key] : undefined
  return answer !== undefined && (answer === when.value) === when.isEqual
}

/** It hangs on words that nobody has written yet, or it applies. */
const mayApply = (prompt: LogInPrompt, answers: Inputs, prompts: readonly LogInPrompt[]): boolean =>
  prompts.some(({ kind, key }) => kind === 'text' && key === prompt.when?.key) || applies(prompt, answers)

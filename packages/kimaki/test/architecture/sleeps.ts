/** Rule: tests wait for conditions, not for time. */
import { parseSync, Visitor } from 'vite'
import { parse, type Tree } from './modules.ts'

const TIMERS = /^(globalThis\.)?(setTimeout|setInterval|Atomics\.wait)$/
const PAUSES = /^(node:)?timers(\/promises)?$/
/** The product's own pause; what stands beside it in its file waits for something. */
const OWN_PAUSE = { file: /\/sleep\.ts$/, name: 'sleep' }
/** `sleep 2` in a command that the test has to sit out; a loop that asks again (`do sleep 0.05; done`) waits for a condition. */
const SHELL_SLEEP = /(?<!\bdo )\bsleep (\d+(?:\.\d+)?|\$\{\})/g
/** Without one of these words a file need not be parsed. */
const MAY_CONCERN = /setTimeout|setInterval|Atomics|timers|sleep/
/** From here on a command is meant to be ended, not to be waited for. */
const FOR_EVER_S = 60

/** Files of the tests that use a timer or start a command that only takes time: what they use, by path. */
function sleepers(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const found = [...tree]
    .filter(([path, text]) => /^packages\/[^/]+\/test\//.test(path) && path.endsWith('.ts') && MAY_CONCERN.test(text))
    .map(([path, text]) => [path, sleepsIn(path, text)] as const)
  return new Map(found.filter(([, sleeps]) => sleeps.length > 0))
}

/** `allowed`: files that may, with the reason. An entry that allows nothing is told too, so that the list shrinks. */
export function sleepViolations(tree: Tree, allowed: Readonly<Record<string, string>>): readonly string[] {
  const found = sleepers(tree)
  return [
    ...[...found].filter(([path]) => !(path in allowed)).map(([path, sleeps]) => `${path}: ${sleeps.join(', ')}`),
    ...Object.keys(allowed).flatMap((path) => (found.has(path) ? [] : [`${path}: does not sleep (any more)`])),
  ]
}

function sleepsIn(path: string, text: string): readonly string[] {
  const { imports, names } = parse(path, text)
  const commands = textsOf(path, text).flatMap((each) =>
    [...each.matchAll(SHELL_SLEEP)].filter(([, seconds = '']) => !(Number(seconds) >= FOR_EVER_S)).map(([sleep]) => sleep),
  )
  return [
    ...[...names].filter((name) => TIMERS.test(name)),
    ...imports
      .map(({ target }) => target)
      .filter((target) => PAUSES.test(target) || (OWN_PAUSE.file.test(target) && names.has(OWN_PAUSE.name))),
    ...new Set(commands),
  ]
}

/** String literals and templates; what is put into a template shows as `${}`. */
function textsOf(path: string, text: string): readonly string[] {
  const texts: string[] = []
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateLiteral: ({ quasis }) => void texts.push(quasis.map(({ value }) => value.cooked ?? value.raw).join('${}')),
  }).visit(parseSync(path, text).program)
  return texts
}

/** What a guild is shown: the commands of Kimaki, then what OpenCode offers in its projects, as far as there is room; the rest goes by `/run`. */
import { cut, oneLine } from '../../base/text.ts'
import { COMMANDS_MAX, type Offered } from '../../domain/offered.ts'
import type { CommandDeclaration } from '../../ports/chat.ts'
import { GIVEN } from './given.ts'
import { namesOf, type Named } from './names.ts'

const DESCRIPTION_MAX = 100
/** Begins a file by which OpenCode learns about the project: done once, if at all. By `/run` it can be had. */
const NOT_SHOWN: readonly string[] = ['init']

const ORDER: readonly Named['kind'][] = ['agent', 'command', 'mcp', 'skill']

/** `projects`: what is known of each project of the guild. */
export function declaredIn(builtIn: readonly CommandDeclaration[], projects: readonly Offered[]): readonly CommandDeclaration[] {
  const taken = new Set(builtIn.map(({ name }) => name))
  const named = new Map<string, Named>()
  for (const offered of projects)
    for (const [name, each] of namesOf(offered, (candidate) => taken.has(candidate))) if (!named.has(name)) named.set(name, each)
  const shown = [...named].filter(([, { kind, offered }]) => kind !== 'command' || !NOT_SHOWN.includes(offered.name))
  const inOrder = ORDER.flatMap((kind) => shown.filter(([, each]) => each.kind === kind).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return [...builtIn.map(asDeclared), ...inOrder.map(([name, each]) => declarationOf(name, each))].slice(0, COMMANDS_MAX)
}

/** What Discord is told of a command of ours, and no more. */
const asDeclared = ({ kind, name, description, options }: CommandDeclaration): CommandDeclaration => ({
  ...(kind && { kind }),
  name,
  description,
  options,
})

function declarationOf(name: string, { kind, offered }: Named): CommandDeclaration {
  const description = cut(oneLine(offered.description), DESCRIPTION_MAX)
  if (kind === 'agent')
    return {
      name,
      description: description || cut(`Let the agent ${oneLine(offered.name)} do something`, DESCRIPTION_MAX),
      options: [{ kind: 'string', name: 'prompt', description: 'What this agent is to do', required: true }],
    }
  return {
    name,
    description: description || cut(`Run /${oneLine(offered.name)} of OpenCode`, DESCRIPTION_MAX),
    options: GIVEN,
  }
}

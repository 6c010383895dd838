/** The tools there are. */
import type { Json } from '../base/json.ts'
import type { Session } from '../store/shapes.ts'
import { bash } from './bash.ts'
import { edit, write } from './files.ts'
import { question } from './question.ts'
import { read } from './read.ts'
import { task } from './task.ts'
import type { Tool } from './tool.ts'

/** Stands for a call of a tool that is not there, or whose arguments cannot be read. */
const invalid: Tool = {
  name: 'invalid',
  description: 'Do not use',
  parameters: { type: 'object' },
  run: async (input) => ({
    title: 'Invalid Tool',
    output: `The arguments provided to the tool are invalid: ${String(input['error'])}`,
    metadata: {},
  }),
}

const ALL: readonly Tool[] = [invalid, question, bash, read, edit, write, task]

export const TOOLS: ReadonlyMap<string, Tool> = new Map(ALL.map((tool) => [tool.name, tool]))

/** As the model is told of them; a child session cannot have children. */
export function toolDefinitions({ parentID }: Session): readonly Json[] {
  return ALL.filter(({ name }) => parentID === undefined || name !== 'task').map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }))
}

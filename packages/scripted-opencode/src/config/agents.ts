/** Agents: OpenCode's own, and those of the configuration. */
import type { PermissionRule } from '../store/shapes.ts'
import type { MarkdownFile } from './files.ts'
import { record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { modelName } from './models.ts'
import type { ModelName } from './models.ts'
import { rulesOf } from './permissions.ts'

export interface Agent {
  readonly name: string
  readonly mode: string
  readonly description: string
  readonly prompt: string | undefined
  readonly model: ModelName | undefined
  readonly permission: readonly PermissionRule[]
}

const OWN: readonly Agent[] = [
  agent('build', { mode: 'primary', description: 'The default agent. Executes tools based on configured permissions.' }),
  agent('plan', { mode: 'primary', description: 'Plan mode. Disallows all edit tools.', permission: { edit: 'deny' } }),
  agent('general', { mode: 'subagent', description: 'General-purpose agent for multi-step tasks.' }),
  agent('explore', { mode: 'subagent', description: 'Fast agent specialized for exploring codebases.' }),
]

export function agentsOf(config: Json, files: readonly MarkdownFile[]): readonly Agent[] {
  const found = new Map(OWN.map((own) => [own.name, own]))
  const written = files.map(({ name, head, body }) => [name, { ...head, prompt: body }] as const)
  for (const [name, value] of [...Object.entries(record(config['agent'])), ...written]) {
    const { mode = 'all', description = '', prompt, model, permission = [] } = found.get(name) ?? {}
    const own = agent(name, { mode, description, prompt, ...record(value) })
    found.set(name, { ...own, model: own.model ?? model, permission: [...permission, ...own.permission] })
  }
  return [...found.values()]
}

/** The name of the agent that answers where nobody names one. */
export const defaultAgent = (config: Json): string => text(config['default_agent']) ?? 'build'

function agent(name: string, { mode, description, prompt, model, permission }: Json): Agent {
  return {
    name,
    mode: text(mode) ?? 'all',
    description: text(description) ?? '',
    prompt: text(prompt),
    model: text(model) === undefined ? undefined : modelName(text(model) ?? ''),
    permission: rulesOf(permission),
  }
}

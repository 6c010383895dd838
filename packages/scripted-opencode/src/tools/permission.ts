/** Asks before a tool goes on, where the rules say so. */
import { dirname, join, sep } from 'node:path'
import { actionFor, DEFAULT_RULES, rulesOf } from '../config/permissions.ts'
import type { PermissionRule } from '../store/shapes.ts'
import { Rejected } from '../server/asks.ts'
import type { ToolContext } from './tool.ts'

export interface Wanted {
  readonly permission: string
  readonly patterns: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  /** What is allowed from then on when a person answers "always". */
  readonly always: readonly string[]
}

/** `undefined`: go on. */
export async function allowed(wanted: Wanted, { server, scene, callID, signal }: ToolContext): Promise<undefined | Error> {
  const { instance, session, message } = scene
  const agent = instance.agents.find(({ name }) => name === message.agent)
  const rules: readonly PermissionRule[] = [
    ...DEFAULT_RULES,
    ...rulesOf(instance.config['permission']),
    ...(agent?.permission ?? []),
    ...(session.permission ?? []),
    ...instance.always,
  ]
  const action = actionFor(rules, wanted.permission, wanted.patterns)
  if (action === 'allow') return undefined
  if (action === 'deny')
    return new Error(`The user has specified a rule which prevents you from using this specific tool call: ${wanted.permission}`)
  const tool = { messageID: message.id, callID }
  const answer = await server.permissions.ask(session, { sessionID: session.id, ...wanted, tool }, signal)
  if (answer instanceof Rejected) return answer
  if (answer === 'always') {
    for (const pattern of wanted.always) instance.always.push({ permission: wanted.permission, pattern, action: 'allow' })
  }
  return undefined
}

/** A path outside of the project is asked for. */
export async function allowedOutside(path: string, context: ToolContext, isFolder = false): Promise<undefined | Error> {
  const { directory, worktree } = context.scene.instance
  if (isInside(path, directory) || (worktree !== '/' && isInside(path, worktree))) return undefined
  const folder = isFolder ? path : dirname(path)
  const pattern = join(folder, '*')
  const metadata = isFolder ? {} : { filepath: path, parentDir: folder }
  return allowed({ permission: 'external_directory', patterns: [pattern], metadata, always: [pattern] }, context)
}

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/** The tools that change files: `write` and `edit`. Both need the permission `edit`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { allowed, allowedOutside } from './permission.ts'
import { texts } from './tool.ts'
import type { Tool, ToolContext, ToolResult } from './tool.ts'

export const write: Tool = {
  name: 'write',
  description: 'Writes a file to the local filesystem.',
  parameters: texts('filePath', 'content'),
  async run(input, context) {
    const path = pathOf(input, context)
    const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
    return change({ path, before, after: text(input['content']) ?? '', output: 'Wrote file successfully.' }, context)
  },
}

export const edit: Tool = {
  name: 'edit',
  description: 'Performs exact string replacements in files.',
  parameters: texts('filePath', 'oldString', 'newString'),
  async run(input, context) {
    const path = pathOf(input, context)
    const [old = '', replacement = ''] = [text(input['oldString']), text(input['newString'])]
    if (old === replacement) return new Error('No changes to apply: oldString and newString are identical.')
    if (old !== '' && !existsSync(path)) return new Error(`File ${path} not found`)
    const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const isEverywhere = input['replaceAll'] === true
    if (!before.includes(old)) return new Error('Could not find oldString in the file.')
    const after = isEverywhere ? before.replaceAll(old, () => replacement) : before.replace(old, () => replacement)
    return change({ path, before, after, output: 'Edit applied successfully.' }, context)
  },
}

const pathOf = (input: Json, { scene }: ToolContext): string => resolve(scene.instance.directory, text(input['filePath']) ?? '')

interface Change {
  readonly path: string
  readonly before: string
  readonly after: string
  /** What the model is told. */
  readonly output: string
}

async function change({ path, before, after, output }: Change, context: ToolContext): Promise<ToolResult | Error> {
  const { session, instance } = context.scene
  const title = relative(instance.directory, path)
  const [removed, added] = [linesOf(before), linesOf(after)]
  const [deletions, additions] = [except(removed, added), except(added, removed)]
  const diff = [
    `--- ${path}`,
    `+++ ${path}`,
    ...deletions.map((line) => `-${line}`),
    ...additions.map((line) => `+${line}`),
  ].join('\n')
  const wanted = { permission: 'edit', patterns: [title], metadata: { filepath: path, diff }, always: ['*'] }
  const refused = (await allowedOutside(path, context)) ?? (await allowed(wanted, context))
  if (refused) return refused
  context.signal.throwIfAborted()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, after)
  context.server.bus.tell(session, 'file.edited', { file: path })
  const filediff = { file: path, patch: diff, additions: additions.length, deletions: deletions.length }
  return { title, output, metadata: { filepath: path, exists: before !== '', diff, filediff, diagnostics: {} } }
}

const linesOf = (content: string): readonly string[] =>
  content
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => line !== '')

/** A difference good enough to be shown: the lines of the one that the other has not. */
const except = (lines: readonly string[], others: readonly string[]): readonly string[] =>
  lines.filter((line) => !others.includes(line))

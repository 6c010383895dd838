import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { text } from '../base/json.ts'
import { readOutput } from '../server/read-output.ts'
import { allowedOutside } from './permission.ts'
import { texts } from './tool.ts'
import type { Tool } from './tool.ts'

export const read: Tool = {
  name: 'read',
  description: 'Reads a file from the local filesystem.',
  parameters: texts('filePath'),
  async run(input, context) {
    const path = resolve(context.scene.instance.directory, text(input['filePath']) ?? '')
    const refused = await allowedOutside(path, context)
    if (refused) return refused
    const content = contentOf(path)
    if (content instanceof Error) return content
    const preview = content.split('\n').slice(0, 20).join('\n')
    const title = relative(context.scene.instance.directory, path)
    return { title, output: readOutput(path, content), metadata: { preview, truncated: false, loaded: [] } }
  },
}

function contentOf(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return new Error(`File not found: ${path}`)
  }
}

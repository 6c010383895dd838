import { readFileSync } from 'node:fs'
import { extname, relative, resolve } from 'node:path'
import { text } from '../base/json.ts'
import { readOutput } from '../server/read-output.ts'
import { allowedOutside } from './permission.ts'
import { texts } from './tool.ts'
import type { Tool, ToolResult } from './tool.ts'

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
    const title = relative(context.scene.instance.directory, path)
    const mime = IMAGES[extname(path)]
    if (mime !== undefined) return pictureOf(title, path, mime)
    const preview = content.split('\n').slice(0, 20).join('\n')
    return { title, output: readOutput(path, content), metadata: { preview, truncated: false, loaded: [] } }
  },
}

const IMAGES: Readonly<Record<string, string>> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.gif': 'image/gif' }

function pictureOf(title: string, path: string, mime: string): ToolResult {
  const output = 'Image read successfully'
  const url = `data:${mime};base64,${readFileSync(path).toString('base64')}`
  const metadata = { preview: output, truncated: false, loaded: [] }
  return { title, output, metadata, attachments: [{ type: 'file', mime, url }] }
}

function contentOf(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return new Error(`File not found: ${path}`)
  }
}

/** What a tool is, and what it may touch. */
import type { Json } from '../base/json.ts'
import type { ToolScene } from '../server/scene.ts'
import type { Server } from '../server/server.ts'
import type { Attachment } from '../store/shapes.ts'

export interface Tool {
  readonly name: string
  readonly description: string
  /** JSON schema. */
  readonly parameters: Json
  /** An Error is told to the model; a `Rejected` among them may end the run. Throws the signal's reason when the run is stopped. */
  run(input: Json, context: ToolContext): Promise<ToolResult | Error>
}

export interface ToolContext {
  readonly server: Server
  readonly scene: ToolScene
  readonly callID: string
  /** Shows what there is so far. */
  readonly progress: (shown: Pick<ToolResult, 'metadata'> & { readonly title?: string }) => void
  readonly signal: AbortSignal
}

export interface ToolResult {
  readonly output: string
  readonly title: string
  readonly metadata: Json
  readonly attachments?: readonly Attachment[]
}

/** A schema of required texts. */
export const texts = (...names: readonly string[]): Json => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
})

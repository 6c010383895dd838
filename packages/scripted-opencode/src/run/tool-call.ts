/** One tool call of an answer, from the call to its result. */
import type { Json } from '../base/json.ts'
import type { ModelEvent } from '../model/chunks.ts'
import type { Server } from '../server/server.ts'
import { newId } from '../base/ids.ts'
import type { ToolPart, ToolState } from '../store/shapes.ts'
import { TOOLS } from '../tools/tools.ts'
import type { ToolResult } from '../tools/tool.ts'
import { Rejected } from '../server/asks.ts'
import type { ToolScene } from '../server/scene.ts'

export class ToolCall {
  /** Resolves when its end was told; never rejects. */
  readonly over: Promise<void>
  readonly #server: Server
  readonly #input: Json
  readonly #start = Date.now()
  #part: ToolPart
  #isRefused = false

  constructor(server: Server, scene: ToolScene, call: Extract<ModelEvent, { kind: 'call' }>, signal: AbortSignal) {
    this.#server = server
    const named = TOOLS.get(call.name)
    const tool = named && call.input ? named : TOOLS.get('invalid')
    const input =
      named && call.input ? call.input : { tool: call.name, error: named ? 'the arguments are no JSON' : 'no such tool' }
    const { id: messageID, sessionID } = scene.message
    this.#part = {
      id: newId('prt'),
      messageID,
      sessionID,
      type: 'tool',
      tool: tool?.name ?? call.name,
      callID: call.id,
      state: { status: 'pending', input: {}, raw: '' },
    }
    server.sessions.putPart(this.#part)
    const progress = (shown: Pick<ToolResult, 'metadata'> & { readonly title?: string }) => this.#running(shown)
    this.#input = input
    const result = (async () => tool?.run(input, { server, scene, callID: call.id, progress, signal }))()
    this.#running({})
    this.over = this.#settle(result, scene.isStreamed, signal)
  }

  /** A person, or a rule, said no, so that the run ends with this step. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  async #settle(result: Promise<ToolResult | Error | undefined>, isStreamed: Promise<void>, signal: AbortSignal): Promise<void> {
    const outcome = await result.catch((cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))))
    await isStreamed
    const time = { start: this.#start, end: Date.now() }
    if (outcome && !(outcome instanceof Error)) {
      this.#put({ ...outcome, status: 'completed', input: this.#input, time })
      return
    }
    const isStopped = signal.aborted && outcome === signal.reason
    this.#isRefused = outcome instanceof Rejected && !outcome.isFeedback
    const error = isStopped ? 'Tool execution aborted' : (outcome?.message ?? 'the tool gave no result')
    this.#put({ status: 'error', input: this.#input, error, time, ...(isStopped && { metadata: { interrupted: true } }) })
  }

  #running(shown: Pick<Partial<ToolResult>, 'metadata' | 'title'>): void {
    if (this.#part.state.status === 'completed' || this.#part.state.status === 'error') return
    this.#put({ status: 'running', input: this.#input, time: { start: this.#start }, ...shown })
  }

  #put(state: ToolState): void {
    this.#part = this.#server.sessions.putPart({ ...this.#part, state })
  }
}

/**
 * One message of the agent while it is made: owns its parts.
 *
 * I1  A text is stored empty when it begins and whole when it ends; in between it is only told.
 * I2  A tool goes pending → running → completed or error, and is told as ended only after the words before it.
 */
import type { ModelEvent } from '../model/chunks.ts'
import type { ModelFailure } from '../model/failures.ts'
import type { Server } from '../server/server.ts'
import { moment, newId } from '../base/ids.ts'
import type { AssistantMessage, ReasoningPart, TextPart, Tokens } from '../store/shapes.ts'
import { ToolCall } from './tool-call.ts'
import type { StepScene } from '../server/scene.ts'

export type Finish = Extract<ModelEvent, { kind: 'finish' }>

type Answers = AsyncIterable<ModelEvent | { readonly kind: 'failed'; readonly failure: ModelFailure }>

export class Answer {
  readonly #server: Server
  readonly #scene: StepScene
  readonly #signal: AbortSignal
  readonly #tools: ToolCall[] = []
  #message: AssistantMessage
  /** What is being written. */
  #open: TextPart | ReasoningPart | undefined
  #said = ''
  #isStreamed = Promise.withResolvers<void>()

  constructor(server: Server, scene: StepScene, message: AssistantMessage, signal: AbortSignal) {
    this.#server = server
    this.#scene = scene
    this.#message = message
    this.#signal = signal
  }

  get message(): AssistantMessage {
    return this.#message
  }

  /** Reads one answer of the model to its end. */
  async read(events: Answers): Promise<Finish | ModelFailure> {
    // What an earlier try has left open stays as it is.
    this.#open = undefined
    for await (const event of events) {
      if (event.kind === 'failed') return event.failure
      if (event.kind === 'finish') {
        this.#close()
        this.#isStreamed.resolve()
        return event
      }
      this.#take(event)
    }
    throw new Error('the answer of the model has no end')
  }

  /** Resolves when all tools have ended; `refused`: a person said no to one. Throws as soon as the run is stopped. */
  async settleTools(): Promise<'fine' | 'refused'> {
    const stopped = new Promise((resolve) => this.#signal.addEventListener('abort', resolve, { once: true }))
    await Promise.race([Promise.all(this.#tools.map(({ over }) => over)), stopped])
    this.#signal.throwIfAborted()
    return this.#tools.some(({ isRefused }) => isRefused) ? 'refused' : 'fine'
  }

  /** Ends what had begun, as it stands. */
  async breakOff(): Promise<void> {
    this.#isStreamed.resolve()
    await Promise.all(this.#tools.map(({ over }) => over))
    this.#close()
  }

  finish({ reason, usage }: Finish): { readonly total: number } {
    const { cost: price } = this.#scene.model
    const total = usage.input + usage.output
    const tokens: Tokens = { total, ...usage, reasoning: 0, cache: { read: 0, write: 0 } }
    const cost = (usage.input * price.input + usage.output * price.output) / 1_000_000
    this.#server.sessions.putPart({ ...this.#part('step-finish'), reason, tokens, cost })
    this.#message = this.#server.sessions.putMessage({ ...this.#message, tokens, cost, finish: reason })
    return { total }
  }

  complete(more: Partial<Pick<AssistantMessage, 'error' | 'finish'>>): void {
    const time = { ...this.#message.time, completed: moment() }
    this.#message = this.#server.sessions.putMessage({ ...this.#message, ...more, time })
  }

  #take(event: Exclude<ModelEvent, Finish>): void {
    if (event.kind === 'open') this.#server.sessions.putPart(this.#part('step-start'))
    else if (event.kind === 'call') this.#tools.push(new ToolCall(this.#server, this.#toolScene(), event, this.#signal))
    else this.#say(event)
  }

  #toolScene() {
    return { ...this.#scene, message: this.#message, isStreamed: this.#isStreamed.promise }
  }

  #say({ kind, text }: Extract<ModelEvent, { kind: 'text' | 'reasoning' }>): void {
    const part = this.#open?.type === kind ? this.#open : this.#begin(kind)
    this.#said += text
    this.#server.sessions.delta(part, text)
  }

  #begin(kind: 'text' | 'reasoning'): TextPart | ReasoningPart {
    this.#close()
    this.#said = ''
    const part = this.#server.sessions.putPart({ ...this.#part(kind), text: '', time: { start: Date.now() } })
    this.#open = part
    return part
  }

  #close(): void {
    if (!this.#open) return
    const time = { start: this.#open.time?.start ?? 0, end: Date.now() }
    this.#server.sessions.putPart({ ...this.#open, text: this.#said, time })
    this.#open = undefined
  }

  #part<Type extends string>(type: Type) {
    return { id: newId('prt'), messageID: this.#message.id, sessionID: this.#message.sessionID, type }
  }
}

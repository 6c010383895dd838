/** What the steps of a run, their model and their tools are given. */
import type { Instance } from '../config/instance.ts'
import type { Model } from '../config/models.ts'
import type { AssistantMessage, Session, Stored, UserMessage } from '../store/shapes.ts'

/** What a step begins with. */
export interface Scene {
  readonly session: Session
  readonly instance: Instance
  /** Since the last summary. */
  readonly history: readonly Stored[]
  /** The newest by its time. */
  readonly user: Stored<UserMessage>
}

export interface StepScene extends Scene {
  readonly model: Model
}

export interface ToolScene extends Scene {
  readonly message: AssistantMessage
  /** Resolves when the words of the answer have ended. */
  readonly isStreamed: Promise<void>
}

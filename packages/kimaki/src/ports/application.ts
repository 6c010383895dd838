/** The bot as Discord knows it, before it connects. */
import type { ChatError } from './chat-error.ts'

export interface ApplicationReport {
  readonly id: string
  readonly name: string
  /** The Message Content intent is on: without it Discord does not let the bot connect. */
  readonly mayReadMessages: boolean
}

/** `ChatRefused`: Discord does not know the token (Discord docs: Get Current Application). */
export type ReadApplication = () => Promise<ApplicationReport | ChatError>

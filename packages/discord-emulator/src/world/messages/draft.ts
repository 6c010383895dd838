/** A message as its author wants it: what REST bodies and `Person.send` are turned into, and the limits that hold for both. */
import { MessageFlags } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { refusal, type FormProblem } from '../base/discord-error.ts'
import type { AllowedMentions } from './mentions.ts'
import type { AttachmentRecord } from '../realm/records.ts'

export interface DraftFile {
  readonly name: string
  readonly contentType: string | undefined
  readonly data: Uint8Array
  readonly description?: string
  readonly durationSeconds?: number
  readonly waveform?: string
}

export interface Draft {
  readonly content: string
  readonly embeds: readonly unknown[]
  readonly components: readonly unknown[]
  readonly flags: number
  readonly tts: boolean
  readonly files: readonly DraftFile[]
  readonly nonce?: string | number
  readonly enforceNonce: boolean
  readonly allowedMentions?: AllowedMentions
  readonly replyTo?: { readonly messageId: Snowflake; readonly failIfNotExists: boolean }
}

export const EMPTY_DRAFT: Draft = {
  content: '',
  embeds: [],
  components: [],
  flags: 0,
  tts: false,
  files: [],
  enforceNonce: false,
}

/** What a bot may set on create (docs: Message > Message Flags); other bits are ignored. */
export const SETTABLE_FLAGS =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsVoiceMessage | MessageFlags.IsComponentsV2

/** Discord trims what surrounds the text before it counts. */
export function contentProblems(content: string): readonly FormProblem[] {
  if (content.trim().length <= LIMITS.content) return []
  return [{ path: ['content'], code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${LIMITS.content} or fewer in length.` }]
}

/** 30015, 40005 and 50006: how many files, how large, and whether anything is left to show. */
export function checkWeight(message: {
  readonly content: string
  readonly embeds: readonly unknown[]
  readonly components: readonly unknown[]
  readonly kept: readonly AttachmentRecord[]
  readonly files: readonly DraftFile[]
}): void {
  const { content, embeds, components, kept, files } = message
  if (kept.length + files.length > LIMITS.attachments) throw refusal('tooManyAttachments')
  if (files.some(({ data }) => data.byteLength > LIMITS.fileBytes)) throw refusal('tooLarge')
  if (files.reduce((sum, { data }) => sum + data.byteLength, 0) > LIMITS.requestBytes) throw refusal('tooLarge')
  const something = content.trim() !== '' || [embeds, components, kept, files].some((list) => list.length > 0)
  if (!something) throw refusal('emptyMessage')
}

/** Voice messages: one audio file with its metadata and nothing else (50159 to 50161). */
export function checkVoice(draft: Draft): void {
  if ((draft.flags & MessageFlags.IsVoiceMessage) === 0) return
  if (draft.content !== '' || draft.embeds.length > 0 || draft.components.length > 0) throw refusal('voiceContent')
  const [file, ...more] = draft.files
  if (file === undefined || more.length > 0 || !(file.contentType ?? '').startsWith('audio/')) throw refusal('voiceAttachment')
  if (file.durationSeconds === undefined || !isWaveform(file.waveform)) throw refusal('voiceMetadata')
}

/** Base64 of 1 to 256 amplitudes. */
function isWaveform(text: string | undefined): boolean {
  if (text === undefined || !/^[\w+/]+={0,2}$/.test(text)) return false
  const points = Buffer.from(text, 'base64').byteLength
  return points >= 1 && points <= LIMITS.waveform
}

/** Bodies of Create Message and Edit Message, read into what the world understands (docs: Message > Create Message, Edit Message). */
import { MessageFlags } from 'discord-api-types/v10'
import { LIMITS } from '../../rules/limits.ts'
import type { Edit } from '../../world/messages/change-message.ts'
import type { Draft, DraftFile } from '../../world/messages/draft.ts'
import type { AllowedMentions } from '../../world/messages/mentions.ts'
import { checkNoLegacyFields, readComponents } from './component-body.ts'
import { readEmbeds } from './embed-body.ts'
import { isObject, readForm, type Form } from './form.ts'
import type { RestRequest } from '../route.ts'

/** `at`: where the message stands in the body, for the paths of problems. */
export function readDraft(request: Bodied, at: readonly string[] = []): Draft {
  const form = readForm(request.body, at)
  const nonce = readNonce(form)
  const allowedMentions = readAllowedMentions(form)
  const reference = form.object('message_reference')
  const messageId = reference?.id('message_id')
  const flags = form.integer('flags', { min: 0 }) ?? 0
  const componentsOnly = (flags & MessageFlags.IsComponentsV2) !== 0
  if (componentsOnly) checkNoLegacyFields(form)
  const draft: Draft = {
    content: form.text('content', { max: Number.POSITIVE_INFINITY }) ?? '',
    embeds: readEmbeds(form),
    components: readComponents(form, componentsOnly),
    flags,
    tts: form.boolean('tts') ?? false,
    files: readFiles(form, request),
    enforceNonce: form.boolean('enforce_nonce') ?? false,
    ...(nonce === undefined ? {} : { nonce }),
    ...(allowedMentions === undefined ? {} : { allowedMentions }),
    ...(messageId === undefined
      ? {}
      : { replyTo: { messageId, failIfNotExists: reference?.boolean('fail_if_not_exists') ?? true } }),
  }
  if (componentsOnly) checkReferences(form, draft)
  form.check()
  return draft
}

type Bodied = Pick<RestRequest, 'body' | 'files'>

/** `oldFlags` are those of the message: it may already be one of components only. */
export function readEdit(request: Bodied, oldFlags: number, at: readonly string[] = []): Edit {
  const form = readForm(request.body, at)
  const flags = form.integer('flags', { min: 0 })
  const allowedMentions = readAllowedMentions(form)
  const componentsOnly = ((oldFlags | (flags ?? 0)) & MessageFlags.IsComponentsV2) !== 0
  const attachments = form.list('attachments', LIMITS.attachments)
  if (componentsOnly) checkNoLegacyFields(form)
  const edit: Edit = {
    ...(form.has('content') ? { content: form.text('content', { max: Number.POSITIVE_INFINITY }) ?? '' } : {}),
    ...(form.has('embeds') ? { embeds: readEmbeds(form) } : {}),
    ...(form.has('components') ? { components: readComponents(form, componentsOnly) } : {}),
    ...(flags === undefined ? {} : { flags }),
    ...(allowedMentions === undefined ? {} : { allowedMentions }),
    ...(attachments === undefined ? {} : { keep: attachments.filter(isObject).map(({ id }) => String(id)) }),
    files: readFiles(form, request),
  }
  form.check()
  return edit
}

/** Every `attachment://name` is one of the files (docs: Components > Unfurled Media Item). */
function checkReferences(form: Form, { components, files }: Draft): void {
  const names = new Set(files.map(({ name }) => name))
  const wanted = [...JSON.stringify(components).matchAll(/"url":"attachment:\/\/([^"]*)"/g)].map(([, name]) => name ?? '')
  if (wanted.every((name) => names.has(name))) return
  const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND'
  form.problem(['components'], code, 'The referenced attachment was not found')
}

/** A string of at most 25 characters or an integer. */
function readNonce(form: Form): string | number | undefined {
  return typeof form.fields.nonce === 'number' ? form.integer('nonce', {}) : form.text('nonce', { max: LIMITS.nonce })
}

/** `files[n]` carry the bytes, the entries of `attachments` with `id: n` their names and descriptions. */
function readFiles(form: Form, { files }: Bodied): readonly DraftFile[] {
  const described = (form.list('attachments', LIMITS.attachments) ?? []).filter(isObject)
  return files.map(({ field, name, contentType, data }) => {
    const index = /^files\[(\d+)\]$/.exec(field)?.[1]
    const about = readForm(described.find(({ id }) => index !== undefined && String(id) === index))
    const description = about.text('description', { max: 1024 })
    const waveform = about.text('waveform', { max: 400 })
    const seconds = about.fields.duration_secs
    return {
      name: about.text('filename', { max: 1024 }) ?? name,
      contentType,
      data,
      ...(description === undefined ? {} : { description }),
      ...(waveform === undefined ? {} : { waveform }),
      ...(typeof seconds === 'number' ? { durationSeconds: seconds } : {}),
    }
  })
}

/** A kind is either parsed from the text or listed, not both (docs: Message > Allowed Mentions Object). */
function readAllowedMentions(form: Form): AllowedMentions | undefined {
  const allowed = form.object('allowed_mentions')
  if (allowed === undefined) return undefined
  const parse = (allowed.list('parse', 3) ?? []).map(String)
  const users = (allowed.list('users', LIMITS.allowedMentions) ?? []).map(String)
  const roles = (allowed.list('roles', LIMITS.allowedMentions) ?? []).map(String)
  parse.forEach((kind, index) => {
    if (['users', 'roles', 'everyone'].includes(kind)) return
    allowed.problem(['parse', index], 'BASE_TYPE_CHOICES', "Value must be one of ('users', 'roles', 'everyone').")
  })
  for (const [kind, list] of Object.entries({ users, roles })) {
    if (!parse.includes(kind) || list.length === 0) continue
    allowed.problem(
      [kind],
      'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
      `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
    )
  }
  return { parse, users, roles, repliedUser: allowed.boolean('replied_user') ?? false }
}

/** Keeps uploaded files and names them as Discord does (docs: Reference > Uploading Files, Message > Attachment Object). */
import type { Snowflake } from '../../api.ts'
import type { DraftFile } from './draft.ts'
import { listOf } from '../base/lists.ts'
import type { Realm } from '../realm/realm.ts'
import type { AttachmentRecord } from '../realm/records.ts'

export function storeFiles(realm: Realm, channelId: Snowflake, files: readonly DraftFile[]): readonly AttachmentRecord[] {
  return files.map((file) => {
    const id = realm.newId()
    const filename = safeName(file.name)
    const contentType = typeOf(filename, file.contentType)
    realm.files.set(id, { id, channelId, filename, contentType, data: file.data })
    return {
      id,
      filename,
      size: file.data.byteLength,
      contentType,
      ...(filename === file.name ? {} : { title: file.name.replace(/\.[^.]*$/, '') }),
      ...(file.description === undefined ? {} : { description: file.description }),
      ...(file.durationSeconds === undefined ? {} : { durationSeconds: file.durationSeconds }),
      ...(file.waveform === undefined ? {} : { waveform: file.waveform }),
    }
  })
}

const TEXT_LIMIT = 1024 * 1024

/** Texts of those attachments that are text and at most 1 MiB, for the journal. */
export function attachedTexts(realm: Realm, attachments: readonly AttachmentRecord[]): readonly string[] {
  if (attachments.length === 0) return listOf([])
  return attachments
    .filter(({ contentType, size }) => isText(contentType) && size <= TEXT_LIMIT)
    .map(({ id }) => new TextDecoder().decode(realm.files.get(id)?.data))
}

function safeName(name: string): string {
  const clean = name.replaceAll(' ', '_').replaceAll(/[^\w.-]/g, '')
  return /\w/.test(clean) ? clean : 'unknown'
}

const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  ts: 'text/typescript',
  py: 'text/x-python',
  sh: 'text/x-sh',
  diff: 'text/x-diff',
  patch: 'text/x-diff',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  json: 'application/json',
  xml: 'application/xml',
  pdf: 'application/pdf',
  zip: 'application/zip',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
}

/** What the uploader says, else what the name says; texts carry their charset. */
function typeOf(filename: string, given: string | undefined): string {
  const named = TYPES[filename.split('.').at(-1)?.toLowerCase() ?? '']
  const type = given === undefined || given === '' || given === 'application/octet-stream' ? named : given
  if (type === undefined) return 'application/octet-stream'
  return isText(type) && !type.includes('charset') ? `${type}; charset=utf-8` : type
}

function isText(contentType: string): boolean {
  return /^text\/|^application\/(json|xml)/.test(contentType)
}

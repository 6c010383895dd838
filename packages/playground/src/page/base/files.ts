/** Files of a person, read to be sent; files of others, saved. */
import type { SentFile } from '../../wire.ts'
import { h } from './dom.ts'

/** What a request takes, all its files together. */
export const FILES_MAX = 10 * 1024 * 1024

export async function sentFile(file: File): Promise<SentFile> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.addEventListener('load', () => resolve(reader.result as string))
  reader.addEventListener('error', () => reject(reader.error ?? new Error(`${file.name} cannot be read`)))
  reader.readAsDataURL(file)
  const url = await promise
  return { name: file.name, type: file.type, data: url.slice(url.indexOf(',') + 1) }
}

/** The browser asks where to, or puts it in its folder. */
export function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  h('a', { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS)
}

const KEEP_MS = 60_000

/** Files that go with the next message: pasted, dropped, or made of a text that is too long to be one. */
import { FILES_MAX } from '../base/files.ts'
import { h } from '../base/dom.ts'
import { fileSize } from '../base/format.ts'
import { toast } from '../base/toasts.ts'

export interface Outgoing {
  readonly files: readonly File[]
  add(more: readonly File[]): void
  /** Gives them away. */
  take(): readonly File[]
}

/** Discord docs: Create Message > Limitations. */
export const TEXT_MAX = 2000

/** `changed` hears when there are others. */
export function createOutgoing(list: HTMLElement, changed: () => void): Outgoing {
  let files: readonly File[] = []

  function renew(next: readonly File[]): void {
    files = next
    list.hidden = files.length === 0
    list.replaceChildren(
      ...files.map((file) => {
        const remove = h('button', { type: 'button', 'aria-label': `Leave out ${file.name}` }, '✕')
        remove.addEventListener('click', () => renew(files.filter((one) => one !== file)))
        return h('li', {}, h('b', {}, file.name), h('small', {}, fileSize(file.size)), remove)
      }),
    )
    changed()
  }

  return {
    get files() {
      return files
    },
    add(more) {
      const all = [...files, ...more]
      if (all.length > FILES_AT_MOST) return toast(`A message takes ${FILES_AT_MOST} files.`, 'bad')
      const size = all.reduce((sum, file) => sum + file.size, 0)
      if (size > FILES_MAX) return toast(`Not added: together they are more than ${fileSize(FILES_MAX)}.`, 'bad')
      renew(all)
    },
    take() {
      const taken = files
      renew([])
      return taken
    },
  }
}

/** What was pasted, as files: files themselves, or a text that makes the message too long, as Discord's client does it. */
export function pastedFiles({ clipboardData }: ClipboardEvent, written: HTMLTextAreaElement): readonly File[] {
  const files = [...(clipboardData?.files ?? [])]
  if (files.length > 0) return files
  const words = clipboardData?.getData('text/plain') ?? ''
  const kept = written.value.length - (written.selectionEnd - written.selectionStart)
  return kept + words.length > TEXT_MAX ? [new File([words], 'message.txt', { type: 'text/plain' })] : []
}

/** Discord docs: Create Message. */
const FILES_AT_MOST = 10

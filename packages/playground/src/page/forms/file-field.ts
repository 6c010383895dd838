/** Files to send: dropped here, or chosen in the picker of the browser; each can be taken back. */
import { h } from '../base/dom.ts'
import { FILES_MAX } from '../base/files.ts'
import { counted, fileSize } from '../base/format.ts'

export interface FileField {
  readonly element: HTMLElement
  focus(): void
  files(): readonly File[]
}

export function fileField({ id, atMost }: { readonly id: string; readonly atMost: number }): FileField {
  let chosen: readonly File[] = []
  const input = h('input', { type: 'file', id, class: 'file-input', ...(atMost > 1 && { multiple: '' }) })
  const list = h('ul', { class: 'chosen-files' })
  const hint = h('small', { role: 'status' })
  const [drop, choose] = atMost === 1 ? ['Drop a file here', 'or choose it'] : ['Drop files here', 'or choose them']
  const zone = h('label', { class: 'drop-zone', for: id }, h('b', {}, drop), h('span', {}, choose))
  const element = h('div', { class: 'file-field' }, input, zone, list, hint)

  function renew(next: readonly File[], problem = ''): void {
    chosen = next
    hint.textContent = problem
    zone.hidden = chosen.length >= atMost
    list.replaceChildren(...chosen.map((file) => line(file, () => renew(chosen.filter((one) => one !== file)))))
  }

  function add(more: readonly File[]): void {
    const all = [...chosen, ...more]
    const size = all.reduce((sum, file) => sum + file.size, 0)
    if (size > FILES_MAX) return renew(chosen, `Not added: together they are more than ${fileSize(FILES_MAX)}.`)
    renew(all.slice(0, atMost), all.length > atMost ? `Only ${counted(atMost, 'file')} can be sent.` : '')
  }

  input.addEventListener('change', () => {
    add([...(input.files ?? [])])
    // The same file may be chosen again.
    input.value = ''
  })
  element.addEventListener('dragover', (event) => {
    event.preventDefault()
    element.classList.add('over')
  })
  element.addEventListener('dragleave', () => element.classList.remove('over'))
  element.addEventListener('drop', (event) => {
    event.preventDefault()
    element.classList.remove('over')
    add([...(event.dataTransfer?.files ?? [])])
  })
  return { element, focus: () => input.focus(), files: () => chosen }
}

function line(file: File, remove: () => void): HTMLElement {
  const button = h('button', { type: 'button', 'aria-label': `Leave out ${file.name}` }, '✕')
  button.addEventListener('click', remove)
  return h('li', {}, h('b', {}, file.name), h('small', {}, fileSize(file.size)), button)
}

/** An attached text or picture, opened above the page. */
import type { Attachment } from '../../wire.ts'
import { find } from '../base/dom.ts'
import { fileSize } from '../base/format.ts'
import { openFile } from '../state/connection.ts'
import { pictureAddress, save } from './attachments.ts'

export function createFileViewer(): (file: Attachment) => void {
  const dialog = find('#file', 'dialog')
  const text = find('#file-text')
  const image = find('#file-picture', 'img')
  let shown: Attachment | undefined
  find('#file-close').addEventListener('click', () => dialog.close())
  find('#file-save').addEventListener('click', () => shown && void save(shown))
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })

  async function fill(file: Attachment): Promise<void> {
    if (file.kind === 'picture') return void (image.src = (await pictureAddress(file.id)) ?? '')
    const content = (await (await openFile(file.id))?.text()) ?? 'This file cannot be opened any more.'
    if (shown === file) text.textContent = content
  }

  return (file) => {
    shown = file
    find('#file-name').textContent = file.name
    find('#file-size').textContent = fileSize(file.size)
    text.textContent = ''
    image.alt = file.name
    image.removeAttribute('src')
    image.hidden = file.kind !== 'picture'
    text.hidden = !image.hidden
    dialog.showModal()
    void fill(file)
  }
}

/** An attached text, opened above the page. */
import type { Attachment } from '../../wire.ts'
import { openFile } from '../state/connection.ts'
import { find } from '../base/dom.ts'
import { fileSize } from '../base/format.ts'

export function createFileViewer(): (file: Attachment) => void {
  const dialog = find('#file', 'dialog')
  find('#file-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  return (file) => {
    find('#file-name').textContent = file.name
    find('#file-size').textContent = fileSize(file.size)
    find('#file-text').textContent = ''
    dialog.showModal()
    void openFile(file.id).then((text) => (find('#file-text').textContent = text))
  }
}

/** What is attached to a message: a picture is drawn, anything else is a card with its name and size. */
import type { Attachment } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { saveAs } from '../base/files.ts'
import { fileSize } from '../base/format.ts'
import { toast } from '../base/toasts.ts'
import { openFile } from '../state/connection.ts'

type Open = (file: Attachment) => void

export function attached(file: Attachment, open: Open): HTMLElement {
  return file.kind === 'picture' ? picture(file, open) : fileCard(file, open)
}

/** A click shows it larger. */
function picture(file: Attachment, open: Open): HTMLElement {
  const image = h('img', { alt: file.name })
  const frame = h('button', { type: 'button', class: 'picture', 'aria-label': `Enlarge ${file.name}` }, image)
  frame.addEventListener('click', () => open(file))
  const failed = () => frame.replaceWith(fileCard(file, open))
  image.addEventListener('error', failed)
  void pictureAddress(file.id).then((address) => (address === undefined ? failed() : (image.src = address)))
  return frame
}

/** Fetched once, however often its message is drawn. */
export function pictureAddress(id: string): Promise<string | undefined> {
  const known = addresses.get(id)
  if (known) return known
  const address = openFile(id).then((content) => content && URL.createObjectURL(content))
  addresses.set(id, address)
  return address
}

const addresses = new Map<string, Promise<string | undefined>>()

function fileCard(file: Attachment, open: Open): HTMLElement {
  const isText = file.kind === 'text'
  const verb = isText ? 'Open' : 'Save'
  const card = h(
    'button',
    { class: 'file-card', type: 'button', 'aria-label': `${verb} ${file.name}` },
    h('span', { class: 'file-sign', 'aria-hidden': 'true' }),
    h('span', { class: 'file-name' }, h('b', {}, file.name), h('small', {}, fileSize(file.size))),
    h('span', { class: 'file-open' }, verb),
  )
  card.addEventListener('click', () => (isText ? open(file) : void save(file)))
  return card
}

export async function save({ id, name }: Attachment): Promise<void> {
  const content = await openFile(id)
  if (content) saveAs(name, content)
  else toast(`${name} is not there any more.`, 'bad')
}

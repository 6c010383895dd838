/** The page: one picture of the world, pushed by the server, shown by its parts. */
import type { Push } from '../wire.ts'
import { createComposer } from './writing/composer.ts'
import { dismiss } from './state/dismissed.ts'
import { connect } from './state/connection.ts'
import type { Line } from './state/connection.ts'
import { renewOnNewToken } from './state/token.ts'
import { find } from './base/dom.ts'
import { createFileViewer } from './messages/file-viewer.ts'
import { createMessageList } from './messages/message-list.ts'
import { isTyping, nextPicture } from './state/picture.ts'
import type { Picture } from './state/picture.ts'
import { beginAt, currentPlace, go, onMove } from './base/place.ts'
import { showRoomHead } from './frame/room-head.ts'
import { createSidebar } from './frame/sidebar.ts'
import { createStatusBar } from './frame/status-bar.ts'
import { createTroubleMenu } from './frame/trouble-menu.ts'
import { createVerdictView } from './frame/verdict.ts'
import { toast } from './base/toasts.ts'

let picture: Picture | undefined
/** A message just sent into a channel: its thread opens by itself as soon as it is there. */
let awaited: { readonly placeId: string; readonly messageId: string } | undefined

const sidebar = createSidebar(show)
const messageList = createMessageList({
  open: createFileViewer(),
  dismiss: (messageId) => {
    dismiss(messageId)
    show()
  },
})
const statusBar = createStatusBar()
const verdictView = createVerdictView()
const troubleMenu = createTroubleMenu()
const composer = createComposer((placeId, messageId) => {
  awaited = { placeId, messageId }
  follow()
})

onMove(() => {
  show()
  if (currentPlace() !== undefined && matchMedia('(hover: hover)').matches) composer.focus()
})
// A file that misses its field must not take the place of the page.
for (const kind of ['dragover', 'drop']) addEventListener(kind, (event) => event.preventDefault())
// Typing ends by the passing of time.
setInterval(show, 1_000)
renewOnNewToken()
connect(hear, tellLine)

function hear(push: Push): void {
  if (push.kind === 'told') return toast(push.text, push.tone)
  const first = picture === undefined
  picture = nextPicture(picture, push)
  const start = picture?.scene.channels[0]
  if (first && start && currentPlace() === undefined) beginAt(start.id)
  follow()
  show()
}

function follow(): void {
  const ready = awaited && picture?.scene.threads.some(({ id }) => id === awaited?.messageId)
  if (!awaited || !ready) return
  const { placeId, messageId } = awaited
  awaited = undefined
  if (currentPlace() === placeId) go(messageId)
}

function show(): void {
  if (!picture) return
  const { scene } = picture
  const wanted = currentPlace()
  const known = [...scene.channels, ...scene.threads].some(({ id }) => id === wanted)
  // Wide screens show a room beside the list in any case.
  const place = known ? wanted : scene.channels[0]?.id
  document.body.dataset['view'] = known ? 'room' : 'list'
  if (place === undefined) return
  sidebar.show(picture, place)
  showRoomHead(picture, place)
  messageList.show(picture, place)
  composer.show(picture, place)
  statusBar.show(picture.bot)
  verdictView.show(picture)
  troubleMenu.show(picture)
  const typing = find('#typing')
  typing.classList.toggle('active', isTyping(picture, place, Date.now()))
  find('#typing-name').textContent = `${picture.hello.bot.name} is typing`
}

function tellLine(line: Line): void {
  const banner = find('#banner')
  banner.hidden = line === 'open'
  banner.textContent =
    line === 'stranger'
      ? 'This tab does not belong to the playground that runs now. Open the address that the terminal shows.'
      : 'The playground does not answer. Is it still running in the terminal? Trying again ...'
}

/** Blocks as Discord messages: short ones share a message, long ones are cut, very long ones become an opening and a file. */
import { pieceKey } from '../../domain/conversation/posts/block-key.ts'
import { boundaryBefore, stripControl } from '../../base/text.ts'
import type { AttachedFile } from '../../domain/conversation/posts/post.ts'
import type { Block, Outgoing } from '../../view/blocks.ts'
import { agentText, messagesOfAgent, type Shown } from './components.ts'
import { inDialect } from './dialect.ts'
import { folded } from './fold.ts'
import { split } from './split.ts'

/**
 * Consecutive blocks with the same `notify` are joined by a newline while they fit. A block that needs more than one message
 * has its messages for itself: how it is cut depends on its own text alone, so that it is cut the same way after a restart.
 * A long row of lines is folded (`fold.ts`). A message takes no more text once it has a file, which Discord shows below its text.
 * A block without anything visible is in no message. Contents are their own `trim()`: Discord would trim them anyway, and a
 * post of unknown outcome is found again by equal text.
 */
export function layout(blocks: readonly Block[]): readonly Outgoing[] {
  const messages: Outgoing[] = []
  /** The last message, while it may take another block. */
  let shared: Outgoing | undefined
  for (const block of folded(blocks.map((one) => ({ ...one, text: clean(one.text) })))) {
    if (!('key' in block)) {
      messages.push(block)
      shared = undefined
      continue
    }
    const { text } = block
    const shown = shownOf(text, block.byAgent ? AGENT : OURS)
    const [first] = shown
    if (!first) continue
    if (shown.length > 1 || first.components || first.file) {
      messages.push(...(shown.length > MESSAGES_PER_BLOCK ? [openingWithFile(block, text)] : pieces(block, shown)))
      shared = undefined
      continue
    }
    const { content } = first
    const joined: Outgoing | undefined = shared && join(shared, block, text.startsWith('\n') ? `\n${content}` : content)
    if (joined !== undefined) messages.pop()
    const attached = block.attached && { attached: [block.attached] }
    shared = joined ?? { blocks: [block.key], content, file: undefined, notify: block.notify, ...attached }
    messages.push(shared)
  }
  return messages
}

interface Writer {
  /** Their words in Discord's Markdown. */
  readonly inDialect: (text: string) => string
  readonly messages: (text: string, isWhole: boolean) => readonly Shown[]
}

const OURS: Writer = {
  inDialect,
  messages: (text) => split(inDialect(text), MESSAGE_LIMIT).map((content) => ({ content, file: undefined })),
}

const AGENT: Writer = {
  inDialect: agentText,
  // Files in place of tables would leave the beginning of a very long text with few messages, and all of it would have to be read.
  messages: (text, isWhole) => messagesOfAgent(text, { limit: MESSAGE_LIMIT, most: SURELY_A_FILE, mayAttach: isWhole }),
}

/** Of a text that becomes a file anyway only the beginning is looked at, so that what it costs does not grow with the text. */
function shownOf(text: string, { messages }: Writer): readonly Shown[] {
  if (text.length <= BEGINNING) return messages(text, true)
  const beginning = messages(text.slice(0, boundaryBefore(text, BEGINNING)), false)
  // The last two may look different with what follows; a beginning of blanks says nothing.
  return beginning.length > SURELY_A_FILE ? beginning : messages(text, true)
}

/** What Discord would drop or refuse is dropped here, so that what was posted equals what was laid out. */
const clean = (text: string): string => stripControl(text).toWellFormed()

/** Undefined when the block does not fit; `content` may begin with a newline (a paragraph of its own). */
function join(message: Outgoing, block: Block, content: string): Outgoing | undefined {
  const joined = `${message.content}\n${content}`
  if (block.notify !== message.notify || joined.length > MESSAGE_LIMIT) return undefined
  const { attached = [] } = message
  if (!block.attached && attached.length > 0) return undefined
  const files = block.attached ? [...attached, block.attached] : attached
  if (files.length > FILES_PER_MESSAGE || (files.length > 1 && bytesOf(files) > BYTES_PER_MESSAGE)) return undefined
  const blocks = [...message.blocks, block.key]
  return { ...message, blocks, content: joined, ...(files.length > 0 && { attached: files }) }
}

const bytesOf = (files: readonly AttachedFile[]): number => files.reduce((sum, { size }) => sum + size, 0)

function pieces(block: Block, shown: readonly Shown[]): readonly Outgoing[] {
  const keyOf = (index: number): string =>
    shown.length === 1 ? block.key : pieceKey(block.key, index === shown.length - 1 ? 'end' : index)
  return shown.map((message, index) => ({ ...message, blocks: [keyOf(index)], notify: block.notify }))
}

/** The file has the text as the agent wrote it. */
function openingWithFile(block: Block, text: string): Outgoing {
  const beginning = text.slice(0, boundaryBefore(text, OPENING_READ))
  const shown = (block.byAgent ? AGENT : OURS).inDialect(beginning)
  const opening = split(shown, OPENING_LIMIT)[0] ?? ''
  return {
    blocks: [block.key],
    content: `${opening}\n${FILE_NOTE}`,
    file: { name: 'answer.md', text: `${text.trim()}\n` },
    notify: block.notify,
  }
}

/** Discord docs: Create Message > files. */
const FILES_PER_MESSAGE = 10
/** Discord docs: Create Message: a request has 25 MiB at most, the text and the frames of its form included. */
const BYTES_PER_MESSAGE = 24 * 1024 * 1024
/** Discord docs: Create Message > content. */
const MESSAGE_LIMIT = 2000
const MESSAGES_PER_BLOCK = 8
const SURELY_A_FILE = MESSAGES_PER_BLOCK + 2
/** UTF-16 units: much more than the messages of a block hold. */
const BEGINNING = 4 * MESSAGES_PER_BLOCK * MESSAGE_LIMIT
const OPENING_LIMIT = 1500
/** Much more than the opening holds. */
const OPENING_READ = 8 * OPENING_LIMIT
const FILE_NOTE = '⬦ too long to show here: the whole text is in the attached answer.md'

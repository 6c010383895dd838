/** Want minus have: which messages Discord has to be given so that the thread shows the view. Pure. */
import { deriveId } from '../../base/ids.ts'
import {
  contentText,
  type EditablePost,
  type MessageContent,
  type Post,
  type Select,
} from '../../domain/conversation/posts/post.ts'
import { isIdle } from '../../domain/conversation/run/derive.ts'
import { channelOf, type Conversation } from '../../domain/conversation/state.ts'
import type { Block, Outgoing } from '../../view/blocks.ts'
import { view } from '../../view/index.ts'

export interface Plan {
  readonly state: Conversation
  /** New posts, in order; their blocks count as posted from the commit that records them. */
  readonly posts: readonly Post[]
  /** Nothing of the view is left to be recorded. */
  readonly allShown: boolean
}

/** How blocks become messages. */
export interface Showing {
  readonly layout: (blocks: readonly Block[]) => readonly Outgoing[]
  /** Takes secrets out, before a text is cut into messages. */
  readonly clean: (text: string) => string
}

/**
 * While the agent works, posts are planned only when none is on its way: what closes meanwhile is packed together. Once it is idle
 * everything is planned at once, so that the commit that ends a prompt holds all that is left to be said. An out-of-band block
 * waits for none of this.
 */
export function planPosts(before: Conversation, { layout, clean }: Showing): Plan {
  const channelId = channelOf(before)
  const blocks = view(before)
  const { isSynced } = before.turn
  const state = refreshEditable(before, isSynced ? blocks : blocks.filter(({ outOfBand }) => outOfBand), clean)
  const { posted, outbox, editable } = state.posts
  const missing = blocks.filter((block) => !posted.has(block.key))
  const isPosting = outbox.some((post) => post.channelId === channelId)
  const waits = !isSynced || (isPosting && !isIdle(state))
  const open = missing.findIndex((block) => !block.closed)
  // An editable notice does not wait for a text that is still being written, unless it is about what follows.
  const isReady = (block: Block, index: number): boolean =>
    !waits && (open === -1 || index < open || (block.editable === true && block.inOrder !== true))
  const ready = missing.filter((block, index) => block.outOfBand || isReady(block, index))
  if (channelId === undefined || ready.length === 0) return { state, posts: [], allShown: missing.length === 0 }
  const posts = messagesOf(
    ready.map((block) => cleaned(block, clean)),
    layout,
    before.channelId,
  ).map((outgoing): Post => ({
    channelId,
    ...outgoing,
    id: postId(state.id, outgoing),
    fallback: false,
  }))
  return {
    state: {
      ...state,
      posts: {
        posted: new Set([...posted, ...ready.map((block) => block.key)]),
        outbox: [...outbox, ...posts],
        editable: [...editable, ...posts.filter((post) => post.editable).map(editableOf)],
      },
    },
    posts,
    allShown: ready.length === missing.length,
  }
}

/** Editable posts show what the view wants; one whose block has left the view keeps its last content. */
function refreshEditable(state: Conversation, blocks: readonly Block[], clean: Showing['clean']): Conversation {
  const { editable } = state.posts
  if (editable.length === 0) return state
  const keys = new Set(editable.map(({ key }) => key))
  const shown = blocks.filter((block) => block.editable && keys.has(block.key))
  const wanted = new Map(shown.map((block) => [block.key, contentOf(cleaned(block, clean))]))
  const refreshed = editable.map((post) => {
    const content = wanted.get(post.key) ?? post.content
    return contentText(content) === contentText(post.content) ? post : { ...post, content }
  })
  const isSame = refreshed.every((post, index) => post === editable[index])
  return isSame ? state : { ...state, posts: { ...state.posts, editable: refreshed } }
}

const cleaned = ({ text, buttons, select, file, attached, ...block }: Block, clean: Showing['clean']): Block => ({
  ...block,
  text: clean(text),
  ...(buttons && { buttons: buttons.map((button) => ({ ...button, label: clean(button.label) })) }),
  ...(select && { select: cleanSelect(select, clean) }),
  ...(file && { file: { name: clean(file.name), text: clean(file.text) } }),
  ...(attached && { attached: { ...attached, name: clean(attached.name) } }),
})

const cleanSelect = ({ options, ...select }: Select, clean: Showing['clean']): Select => ({
  ...select,
  options: options.map(({ label, description, ...option }) => ({
    ...option,
    label: clean(label),
    ...(description !== undefined && { description: clean(description) }),
  })),
})

const contentOf = ({ text, buttons = [], select }: Block): MessageContent => ({ text, buttons, ...(select && { select }) })

type Message = Outgoing & Pick<Post, 'editable' | 'buttons' | 'select' | 'pings'> & Partial<Pick<Post, 'channelId'>>

/** An editable or out-of-band block has a message to itself; those around it are packed. */
function messagesOf(blocks: readonly Block[], layout: Showing['layout'], projectChannelId: string): readonly Message[] {
  const at = blocks.findIndex(({ editable, outOfBand }) => editable || outOfBand)
  const before = at === -1 ? blocks : blocks.slice(0, at)
  const packed = layout(before).map((outgoing): Message => ({
    ...outgoing,
    editable: false,
    buttons: before.flatMap(({ key, buttons = [] }) => (outgoing.blocks.includes(key) ? buttons : [])),
  }))
  const block = blocks[at]
  if (!block) return packed
  const message: Message = {
    blocks: [block.key],
    content: block.text,
    file: block.file,
    notify: block.notify,
    editable: block.editable ?? false,
    buttons: block.buttons ?? [],
    select: block.select,
    ...(block.pings !== undefined && { pings: block.pings }),
    ...(block.inProjectChannel && { channelId: projectChannelId }),
  }
  return [...packed, message, ...messagesOf(blocks.slice(at + 1), layout, projectChannelId)]
}

const editableOf = ({ id, channelId, blocks, content, buttons, select }: Post): EditablePost => ({
  postId: id,
  channelId,
  key: blocks[0] ?? '',
  content: { text: content, buttons, ...(select && { select }) },
  shown: undefined,
  messageId: undefined,
})

/** Also the nonce of the post: 25 characters, Discord's limit. */
const postId = (conversation: string, outgoing: Outgoing): string => deriveId('k', conversation, ...outgoing.blocks)

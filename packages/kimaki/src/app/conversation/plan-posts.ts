/** Want minus have: which messages Discord has to be given so that the thread shows the view. Pure. */
import { deriveId } from '../../base/ids.ts'
import { isIdle } from '../../domain/conversation/run.ts'
import { faceText, type Card, type Conversation, type Face, type Post } from '../../domain/conversation/state.ts'
import type { Block, Outgoing } from '../../view/blocks.ts'
import { view } from '../../view/view.ts'

export interface Plan {
  readonly state: Conversation
  /** New posts, in order; their blocks count as posted from the commit that records them. */
  readonly posts: readonly Post[]
  /** Nothing of the view is left to be recorded. */
  readonly allShown: boolean
}

/**
 * While the agent works, posts are planned only when none is on its way: what closes meanwhile is packed together. Once it is idle
 * everything is planned at once, so that the commit that ends a prompt holds all that is left to be said. What stands beside the runs
 * waits for none of this.
 */
export function planPosts(before: Conversation, layout: (blocks: readonly Block[]) => readonly Outgoing[]): Plan {
  const channelId = placeOf(before)
  const blocks = view(before)
  const state = refreshCards(before, before.mirrored ? blocks : blocks.filter(({ beside }) => beside))
  const missing = blocks.filter((block) => !state.posted.has(block.key))
  const waits = !state.mirrored || (state.outbox.length > 0 && !isIdle(state))
  const open = missing.findIndex((block) => !block.closed)
  // A live notice does not wait for a text that is still being written.
  const isReady = (block: Block, index: number): boolean => !waits && (open === -1 || index < open || block.live === true)
  const ready = missing.filter((block, index) => block.beside || isReady(block, index))
  if (channelId === undefined || ready.length === 0) return { state, posts: [], allShown: missing.length === 0 }
  const posts = messagesOf(ready, layout).map((outgoing): Post => ({
    ...outgoing,
    id: postId(state.id, outgoing),
    channelId,
    fallback: false,
  }))
  const posted = new Set([...state.posted, ...ready.map((block) => block.key)])
  const cards = posts.filter(({ live }) => live).map(cardOf)
  return {
    state: { ...state, posted, outbox: [...state.outbox, ...posts], cards: [...state.cards, ...cards] },
    posts,
    allShown: ready.length === missing.length,
  }
}

/** The cards say what the view wants them to say; what has left the view keeps its last words. */
function refreshCards(state: Conversation, blocks: readonly Block[]): Conversation {
  if (state.cards.length === 0) return state
  const wanted = new Map(blocks.filter(({ live }) => live).map((block) => [block.key, faceOf(block)]))
  const cards = state.cards.map((card) => {
    const face = wanted.get(card.key) ?? card.face
    return faceText(face) === faceText(card.face) ? card : { ...card, face }
  })
  return cards.every((card, index) => card === state.cards[index]) ? state : { ...state, cards }
}

const faceOf = ({ text, buttons = [] }: Block): Face => ({ text, buttons })

type Message = Outgoing & Pick<Post, 'live' | 'buttons'>

/** A live block and one beside the run have a message to themselves; those around them are packed. */
function messagesOf(blocks: readonly Block[], layout: (blocks: readonly Block[]) => readonly Outgoing[]): readonly Message[] {
  const at = blocks.findIndex(({ live, beside }) => live || beside)
  const packed = layout(at === -1 ? blocks : blocks.slice(0, at)).map((outgoing): Message => ({
    ...outgoing,
    live: false,
    buttons: [],
  }))
  const block = blocks[at]
  if (!block) return packed
  const message: Message = {
    blocks: [block.key],
    content: block.text,
    file: block.file,
    notify: block.notify,
    live: block.live ?? false,
    buttons: block.buttons ?? [],
  }
  return [...packed, message, ...messagesOf(blocks.slice(at + 1), layout)]
}

const cardOf = ({ id, channelId, blocks, content, buttons }: Post): Card => ({
  postId: id,
  channelId,
  key: blocks[0] ?? '',
  face: { text: content, buttons },
  shown: undefined,
  messageId: undefined,
})

function placeOf(state: Conversation): string | undefined {
  if (state.thread.kind === 'open') return state.thread.id
  return state.thread.kind === 'failed' || state.thread.kind === 'gone' ? state.channelId : undefined
}

/** Also the nonce of the post: 25 characters, Discord's limit. */
const postId = (conversation: string, outgoing: Outgoing): string => deriveId('k', conversation, ...outgoing.blocks)

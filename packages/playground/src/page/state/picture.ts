/** What the page knows. Pure: a picture and what the server says make the next picture. */
import type { BotStatus, Hello, Lasting, Message, Push, Scene, Thread, Verdict } from '../../wire.ts'

export interface Picture {
  readonly hello: Hello
  readonly scene: Scene
  readonly bot: BotStatus
  readonly verdict: Verdict
  readonly lasting: readonly Lasting[]
  /** When the bot last said that it is typing, by place; Unix milliseconds. */
  readonly typing: Readonly<Record<string, number>>
}

export function nextPicture(picture: Picture | undefined, push: Push): Picture | undefined {
  if (push.kind === 'whole') {
    const { kind: _kind, ...whole } = push
    return { ...whole, typing: picture?.typing ?? {} }
  }
  if (!picture) return undefined
  const { scene } = picture
  if (push.kind === 'places') return { ...picture, scene: { ...scene, channels: push.channels, threads: push.threads } }
  if (push.kind === 'commands') return { ...picture, scene: { ...scene, commands: push.commands } }
  if (push.kind === 'messages') return { ...picture, scene: { ...scene, messages: nextMessages(scene.messages, push) } }
  if (push.kind === 'typing') return { ...picture, typing: { ...picture.typing, [push.placeId]: push.at } }
  if (push.kind === 'verdict') return { ...picture, verdict: push.verdict }
  if (push.kind === 'lasting') return { ...picture, lasting: push.lasting }
  return push.kind === 'bot' ? { ...picture, bot: push.bot } : picture
}

function nextMessages(
  messages: Scene['messages'],
  { changed, removed }: Extract<Push, { readonly kind: 'messages' }>,
): Scene['messages'] {
  const kept = Object.entries(messages).filter(([id]) => !removed.includes(id))
  return Object.fromEntries([...kept, ...changed.map((message) => [message.id, message] as const)])
}

/** Oldest first: ids are time-ordered numbers. */
export function messagesIn({ scene: { messages } }: Picture, placeId: string): readonly Message[] {
  const known = byPlace.get(messages)
  if (known) return known.get(placeId) ?? []
  const sorted = Object.values(messages).toSorted((one, other) => one.id.length - other.id.length || (one.id < other.id ? -1 : 1))
  const places = Map.groupBy(sorted, (message) => message.placeId)
  byPlace.set(messages, places)
  return places.get(placeId) ?? []
}

/** Made once for all that is shown of a scene: each thread is looked up several times. */
const byPlace = new WeakMap<Scene['messages'], ReadonlyMap<string, readonly Message[]>>()

export function threadsOf({ scene }: Picture, channelId: string): readonly Thread[] {
  return scene.threads.filter((thread) => thread.channelId === channelId).toReversed()
}

/** Discord shows the indicator for ten seconds, or until the one who types has written. */
export function isTyping(picture: Picture, placeId: string, now: number): boolean {
  const at = picture.typing[placeId]
  if (at === undefined || now - at > TYPING_MS || picture.bot.kind !== 'running') return false
  const last = messagesIn(picture, placeId).findLast(({ author }) => author.bot)
  return last === undefined || last.at < at
}

const TYPING_MS = 10_000

/** What must be said so that a page that shows `before` shows `after`. Pure. */
import type { Push, Scene } from '../wire.ts'

export function difference(before: Scene, after: Scene): readonly Push[] {
  const { channels, threads } = after
  const same = equal([before.channels, before.threads], [channels, threads])
  const changed = Object.values(after.messages).filter((message) => !equal(before.messages[message.id], message))
  const removed = Object.keys(before.messages).filter((id) => !(id in after.messages))
  return [
    ...(same ? [] : [{ kind: 'places', channels, threads } as const]),
    ...(equal(before.commands, after.commands) ? [] : [{ kind: 'commands', commands: after.commands } as const]),
    ...(changed.length === 0 && removed.length === 0 ? [] : [{ kind: 'messages', changed, removed } as const]),
  ]
}

const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

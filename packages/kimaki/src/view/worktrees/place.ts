/** The worktree of a thread: that it is being made, where it is, or why there is none. */
import { worktree } from '../../domain/conversation/features/place/worktree.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'
import { madeText } from './texts.ts'

const WARNING_MAX = 200

export function worktreeBlocks(state: Conversation): readonly Block[] {
  const place = worktree.of(state)
  if (place === null || ('isTold' in place && place.isTold)) return []
  const text = textOf(place)
  if (text === undefined) return []
  return [
    { ...lineBlock(blockKey('worktree', state.id), text), outOfBand: true, editable: true, notify: place.kind === 'failed' },
  ]
}

type Place = NonNullable<ReturnType<typeof worktree.of>>

function textOf(place: Place): string | undefined {
  switch (place.kind) {
    case 'wanted':
    case 'making':
      return '⬦ its worktree is being made; what is written here waits for it'
    case 'made':
      return [madeText(place.worktree), ...place.warnings.map((warning) => `⬦ ${plain(warning, WARNING_MAX)}`)].join('\n')
    case 'failed':
      if (place.isRead) return undefined
      return place.request.isAutomatic
        ? `${place.text}\nThe agent works in the project folder.`
        : `${place.text}\nA message here begins a session in the project folder.`
  }
}

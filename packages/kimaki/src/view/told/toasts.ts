/** A toast that names the session of this thread. */
import { cut, oneLine, stripControl } from '../../base/text.ts'
import type { Toast } from '../../domain/agent.ts'
import { toasts } from '../../domain/conversation/features/told/toasts.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { escapeInline } from '../text/markdown.ts'

export const toastBlocks = (state: Conversation): readonly Block[] =>
  toasts.of(state).map((toast) => ({ ...lineBlock(blockKey('toast', toast.id), toastText(toast)), outOfBand: true }))

const toastText = ({ variant, title, message }: Toast): string =>
  ['⬦ ' + variant, title, message]
    .filter((words) => words !== undefined && words !== '')
    .map((words) => escapeInline(cut(oneLine(stripControl(words ?? '')), LONGEST)))
    .join(': ')

const LONGEST = 300

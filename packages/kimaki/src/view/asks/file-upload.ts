/** The card of files that the agent asks for, and what became of it. */
import { fileAskKey, fileUpload, type FileAsk } from '../../domain/conversation/features/asks/file-upload.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import { promptUnderWay } from '../../domain/conversation/run/derive.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain } from '../text/notice.ts'
import { pinging } from './ping.ts'

/** A card that nobody has seen needs no end. */
export const fileUploadBlocks = (state: Conversation): readonly Block[] =>
  fileUpload
    .of(state)
    .filter((ask) => ask.phase.kind !== 'ended' || state.posts.posted.has(fileAskKey(ask)))
    .map((ask) => withPing(state, ask, cardOf(ask)))

const withPing = (state: Conversation, { phase }: FileAsk, card: Block): Block =>
  phase.kind === 'open' ? pinging(card, state, promptUnderWay(state)) : card

const cardOf = (ask: FileAsk): Block => ({
  ...noticeBlock(fileAskKey(ask), textOf(ask)),
  notify: ask.phase.kind === 'open',
  buttons:
    ask.phase.kind === 'open'
      ? [
          {
            ...button('upload-files', `${ask.id}/${ask.atMost}`, ask.atMost === 1 ? 'Send a file…' : 'Send files…'),
            color: 'blue',
          },
          button('upload-decline', ask.id, 'Decline'),
        ]
      : [],
})

function textOf({ prompt, phase }: FileAsk): string {
  const asked = `⬦ the agent asks for files: ${plain(prompt, PROMPT_MAX)}`
  switch (phase.kind) {
    case 'open':
      return `${asked}\nReply to this message to answer in words.`
    case 'saving':
      return `${asked}\nFrom **${plain(phase.by, NAME_MAX)}**: being saved`
    case 'saved': {
      const { paths, failed } = phase.saved
      const names = paths.map((path) => plain(`uploads/${path.split('/').at(-1) ?? ''}`, NAME_MAX))
      const lines = [...names.map((name) => `✓ ${name}`), ...failed.map((why) => `✗ not saved: ${plain(why, FAILED_MAX)}`)]
      return `${asked}\nFrom **${plain(phase.by, NAME_MAX)}**:\n${lines.join('\n')}`
    }
    case 'ended':
      return `${asked}\n${endText(phase.end)}`
  }
}

function endText(end: Extract<FileAsk['phase'], { readonly kind: 'ended' }>['end']): string {
  switch (end.kind) {
    case 'declined':
      return `✗ **${plain(end.by, NAME_MAX)}** declined`
    case 'words':
      return `✓ **${plain(end.by, NAME_MAX)}** answered: ${plain(end.words, WORDS_MAX)}`
    case 'message':
      return 'Not sent: a message came instead.'
    case 'run-over':
      return 'Not sent: the run is over.'
  }
}

/** A message has 2000 units: ten lines of names or of failures, and what was asked. */
const PROMPT_MAX = 500
const FAILED_MAX = 100
const WORDS_MAX = 500

/** The card of a voice message: that it is being written down, then what was understood, or why nothing was. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import { voice, voiceKey, type VoiceNote } from '../domain/conversation/features/voice/voice.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { speechIn } from '../domain/message/voice/speech.ts'
import { lineBlock, noticeBlock, type Block } from './blocks.ts'
import { durationText } from './text/footer.ts'
import { NAME_MAX, plain, REASON_MAX } from './text/notice.ts'

/** Escaped it may have twice as many units, and a message has 2000. */
const WORDS_MAX = 900

export const voiceBlocks = (state: Conversation): readonly Block[] =>
  voice.of(state).flatMap((note): readonly Block[] => {
    const key = voiceKey(note.id)
    if (note.phase.kind === 'withdrawn' || note.phase.kind === 'dropped')
      return state.posts.posted.has(key) ? [noticeBlock(key, '⬦ this voice message was taken back')] : []
    const block = noticeBlock(key, textOf(note))
    return note.phase.kind === 'failed' && note.phase.canRetry
      ? [{ ...block, notify: true, buttons: [button('voice-again', note.id, 'Try again')] }]
      : [block]
  })

/** The thread is gone, or was never there: the reason is told once, where nobody else tells it. */
export const droppedVoiceBlocks = (state: Conversation): readonly Block[] =>
  voice
    .of(state)
    .flatMap(({ id, phase }) =>
      phase.kind === 'dropped' && phase.text !== undefined
        ? [{ ...lineBlock(blockKey('prompt', id, 'end'), phase.text), notify: true }]
        : [],
    )

function textOf({ message, phase }: VoiceNote): string {
  const seconds = speechIn(message).reduce((sum, file) => sum + (file.seconds ?? 0), 0)
  const what = seconds > 0 ? `a voice message of ${durationText(seconds * 1000)}` : 'a voice message'
  switch (phase.kind) {
    case 'keyless':
      return `⬦ ${what} waits: nobody is set up to write it down\nRun \`/transcription-key\`, or \`kimaki voice install\` on my machine: then it is heard by itself.`
    case 'heard': {
      const agent = phase.agent === undefined ? '' : ` ⋅ for the agent **${plain(phase.agent, NAME_MAX)}**`
      return `⬦ heard${phase.isQueued ? ' ⋅ for the queue' : ''}${agent}: ${plain(phase.text, WORDS_MAX)}`
    }
    case 'failed':
      return phase.text
    case 'new':
    case 'hearing':
    case 'dropped':
    case 'withdrawn':
      return `⬦ listening to ${what}`
  }
}

/** Why nothing came of a recording. `why`: a sentence without its beginning. */
export const notHeardText = (why: string, remedy: string): string =>
  `✗ the voice message was not run: ${plain(why, REASON_MAX)}\n${remedy}`

export const TRY_AGAIN = 'Press *Try again*, or write what you said.'
export const SEND_ANOTHER = 'Send another recording, or write what you said.'

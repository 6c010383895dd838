/** `/transcription-key` sets up who writes voice messages down. The key goes from the modal into a file of the bot, and nowhere else. */
import { button } from '../../domain/conversation/posts/button.ts'
import type { MessageContent } from '../../domain/conversation/posts/post.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { Outside, SlashCommand } from '../declaration.ts'

export const transcriptionKey: SlashCommand = {
  name: 'transcription-key',
  description: 'Who writes voice messages down: enter or remove an API key (speech, Whisper, OpenAI, Gemini)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  deed: 'log-in',
  decidesUnread: true,
  options: [],
  run: () => ({ work: { step: 'show' } }),
  async work({ transcriber, unrecorded }, { args: { step }, asker }) {
    if (step === 'show') return { reply: await page(transcriber, '') }
    const words = unrecorded.of(asker.id)
    if (step === 'entered' && !words) return { reply: { text: LOST, buttons: [ENTER] } }
    const [key = '', url = ''] = words?.map((word) => word.trim()) ?? []
    if (step === 'entered' && !/^[\x21-\x7e]{8,4000}$/.test(key))
      return {
        reply: {
          text: '✗ this is no API key: it has 8 characters or more, and no blanks\nEnter it once more.',
          buttons: [ENTER],
        },
      }
    if (url !== '' && !/^https?:\/\/[^\s/]+/.test(url))
      return { reply: { text: '✗ the address must begin with http:// or https://\nEnter both once more.', buttons: [ENTER] } }
    const given = { key, ...(url !== '' && { url }) }
    const trouble = transcriber.setKey(step === 'entered' ? given : undefined)
    if (trouble) return { reply: { text: `✗ the key was not saved: ${trouble.message}`, buttons: [ENTER] } }
    return { reply: await page(transcriber, step === 'entered' ? '✓ the key is saved\n' : '✓ the key is removed\n') }
  },
  buttons: {
    'transcription-enter': () => ({ work: { step: 'entered' } }),
    'transcription-remove': () => ({ work: { step: 'remove' } }),
  },
}

const ENTER = button('transcription-enter', 'key', 'Enter a key')
const REMOVE = button('transcription-remove', 'key', 'Remove the key')
const LOST = '✗ Kimaki was restarted before the key was saved\nEnter it once more.'

async function page(transcriber: Outside['transcriber'], begins: string): Promise<MessageContent> {
  const provider = await transcriber.provider()
  if (provider instanceof Error) return { text: `${begins}✗ ${provider.message}`, buttons: [ENTER, REMOVE] }
  if (provider === undefined) return { text: begins + NOBODY, buttons: [ENTER] }
  return { text: `${begins}⬦ voice messages are written down by ${plain(provider, NAME_MAX)}`, buttons: [ENTER, REMOVE] }
}

const NOBODY =
  '⬦ nobody is set up to write voice messages down\nEnter a key of OpenAI, of Gemini, or of a server that speaks as OpenAI does; or run `kimaki voice install` on my machine, which needs none.'

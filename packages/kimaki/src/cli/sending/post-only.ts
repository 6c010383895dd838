/** A post without a run: by the bot, or by this process over REST where none runs. */
import { notify } from '../../app/control/notify.ts'
import type { SendRequest } from '../../app/send.ts'
import type { Config } from '../config.ts'
import { askBotOr } from '../control/ask-bot.ts'
import { withDiscord } from '../projects/offline.ts'

export interface Posted {
  readonly messageId: string
}

export async function postOnly(config: Config, { id, target, prompt: text }: SendRequest): Promise<Posted | Error> {
  const channelId = target.kind === 'channel' ? target.channelId : target.threadId
  const notice = { id, channelId, text }
  return askBotOr<Posted>(config, { method: 'POST', path: '/notify', body: notice }, () =>
    withDiscord<Posted>(config, (chat) => notify(chat, notice)),
  )
}

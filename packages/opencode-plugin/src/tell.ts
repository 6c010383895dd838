/** Says something in the thread of a session: a toast whose last word is the session, which the bot takes for a line. */
import type { PluginInput } from './opencode.ts'

export const tellIn = (client: PluginInput['client'], session: string, text: string): void =>
  void client.tui.showToast({ body: { variant: 'info', message: `${text} (${session})` } }).catch(() => undefined)

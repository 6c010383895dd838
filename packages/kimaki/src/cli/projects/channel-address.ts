/** A channel as a person names it: its id, a mention `<#id>`, or its address in Discord. */
import { UsageError } from '../../base/errors.ts'

export interface NamedChannel {
  readonly channelId: string
  /** The server, where an address says it. */
  readonly guildId: string | undefined
}

const ID = /^(?:<#)?(\d{17,20})>?$/
const ADDRESS = /^(?:https:\/\/)?(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com\/channels\/(\d{17,20})\/(\d{17,20})(?:[/?#].*)?$/

export function readChannel(text: string): NamedChannel | UsageError {
  const channelId = ID.exec(text.trim())?.[1]
  if (channelId !== undefined) return { channelId, guildId: undefined }
  const [, guildId, ofAddress] = ADDRESS.exec(text.trim()) ?? []
  if (ofAddress !== undefined) return { channelId: ofAddress, guildId }
  return new UsageError({
    reason: `"${text}" names no channel. Give its id (17 to 20 digits), or its address: right-click the channel in Discord and choose Copy Link.`,
  })
}

export const addressOf = ({ guildId, channelId }: { readonly guildId: string; readonly channelId: string }): string =>
  `https://discord.com/channels/${guildId}/${channelId}`

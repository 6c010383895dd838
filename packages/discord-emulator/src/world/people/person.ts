/** The handle of a person: what they do goes by the same rules as what a bot does over REST. */
import { MessageFlags, type APIApplicationCommand } from 'discord-api-types/v10'
import type { Person, Snowflake } from '../../api.ts'
import { CHANNEL } from '../../rules/types.ts'
import { visibleChannel } from '../realm/access.ts'
import { checkOpen, deleteMessage, editMessage } from '../messages/change-message.ts'
import { uploadOf } from '../interactions/command-options.ts'
import { EMPTY_DRAFT } from '../messages/draft.ts'
import { openDirect, showDirectTo } from '../channels/direct-messages.ts'
import { interactionHandle } from '../interactions/interaction-handle.ts'
import { pinMessage, unpinMessage } from '../messages/pins.ts'
import { addReaction, removeReaction } from '../messages/react.ts'
import { consent, decline, readWish } from '../oauth/authorize.ts'
import type { Realm } from '../realm/realm.ts'
import type { MessageRecord } from '../realm/records.ts'
import { sendMessage } from '../messages/send-message.ts'
import { shaped } from '../base/shaped.ts'
import { showChannel } from '../show/show-channel.ts'
import { showMessage } from '../show/show-message.ts'
import { compareSnowflakes } from '../base/snowflake.ts'
import { startThreadFromMessage, startThreadWithoutMessage } from '../channels/start-thread.ts'
import { enterThread, leaveThread } from '../threads/thread-membership.ts'
import { submitModal } from '../interactions/submit-modal.ts'
import { startTyping } from '../messages/typing.ts'
import { offeredCommands, useCommand, useContextMenu } from '../interactions/use-command.ts'
import { chooseInSelect, pressButton } from '../interactions/use-component.ts'

export function createPerson(realm: Realm, name: string): Person {
  const id = realm.newId()
  const username = name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, '_')
  realm.users.set(id, { id, name, username, discriminator: '0', bot: false })
  const actor = { kind: 'person', id } as const
  return {
    id,
    name,
    consent: (address, guildId) => consent(realm, readWish(realm, address), { userId: id, guildId }),
    decline: (address) => decline(readWish(realm, address)),
    send(channelId, content, { replyTo, files = [] } = {}) {
      const reply = replyTo === undefined ? {} : { replyTo: { messageId: replyTo, failIfNotExists: true } }
      const message = sendMessage(realm, actor, channelId, { ...EMPTY_DRAFT, content, ...reply, files: files.map(uploadOf) })
      return showMessage(realm, message)
    },
    edit: (channelId, messageId, content) =>
      showMessage(realm, editMessage(realm, actor, { channelId, messageId }, { content, files: [] })),
    delete: (channelId, messageId) => deleteMessage(realm, actor, { channelId, messageId }),
    react: (channelId, messageId, emoji) => addReaction(realm, actor, { channelId, messageId, emoji }),
    unreact: (channelId, messageId, emoji) => removeReaction(realm, actor, { channelId, messageId, emoji, userId: id }),
    sendVoice(channelId, { data, durationSeconds, waveform = 'AAAA', name: filename = 'voice-message.ogg' }) {
      const file = uploadOf({ name: filename, contentType: 'audio/ogg', data, durationSeconds, waveform })
      const draft = { ...EMPTY_DRAFT, flags: MessageFlags.IsVoiceMessage, files: [file] }
      return showMessage(realm, sendMessage(realm, actor, channelId, draft))
    },
    pin: (channelId, messageId) => pinMessage(realm, actor, { channelId, messageId }),
    unpin: (channelId, messageId) => unpinMessage(realm, actor, { channelId, messageId }),
    dm: (other) => showDirectTo(realm, openDirect(realm, id, other.id), id),
    joinThread: (threadId) => {
      checkOpen(realm, actor, visibleChannel(realm, id, threadId))
      enterThread(realm, threadId, [id])
    },
    leaveThread: (threadId) => leaveThread(realm, threadId, id),
    type: (channelId) => startTyping(realm, actor, channelId),
    startThread(channelId, threadName, messageId, { private: isPrivate = false } = {}) {
      const options = { channelId, name: threadName }
      const thread =
        messageId === undefined
          ? startThreadWithoutMessage(realm, actor, {
              ...options,
              type: isPrivate ? CHANNEL.privateThread : CHANNEL.publicThread,
            })
          : startThreadFromMessage(realm, actor, { ...options, messageId })
      return showChannel(thread, id)
    },
    commands: (channelId) => offeredCommands(realm, id, channelId).map((command) => shaped<APIApplicationCommand>(command)),
    command: (channelId, line, values = {}, { bot } = {}) =>
      interactionHandle(realm, useCommand(realm, { userId: id, channelId, line, values, ...(bot && { botId: bot.id }) })),
    autocomplete: (channelId, line, values, focused) =>
      interactionHandle(realm, useCommand(realm, { userId: id, channelId, line, values, focused })),
    contextMenu: (channelId, commandName, targetId) =>
      interactionHandle(realm, useContextMenu(realm, { userId: id, channelId, name: commandName, targetId })),
    press: (channelId, messageId, customId) =>
      interactionHandle(realm, pressButton(realm, { userId: id, channelId, messageId, customId })),
    select: (channelId, messageId, customId, chosen) =>
      interactionHandle(realm, chooseInSelect(realm, { userId: id, channelId, messageId, customId }, chosen)),
    fill: (interaction, values) => interactionHandle(realm, submitModal(realm, id, interaction.id, values)),
    messages: (channelId) => messagesSeen(realm, id, channelId).map((message) => showMessage(realm, message)),
  }
}

/** Everybody's and their own ephemeral ones, oldest first. */
function messagesSeen(realm: Realm, userId: Snowflake, channelId: Snowflake): readonly MessageRecord[] {
  visibleChannel(realm, userId, channelId)
  const own = realm.ephemerals.all(channelId).filter(({ ephemeralFor }) => ephemeralFor === userId)
  return [...realm.messages.all(channelId), ...own].sort((a, b) => compareSnowflakes(a.id, b.id))
}

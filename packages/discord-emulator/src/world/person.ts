/** The handle of a person: what they do goes by the same rules as what a bot does over REST. */
import type { Person, Upload } from '../api.ts'
import { CHANNEL } from '../rules/types.ts'
import { deleteMessage, editMessage } from './change-message.ts'
import { EMPTY_DRAFT, type DraftFile } from './draft.ts'
import { addReaction, removeReaction } from './react.ts'
import type { Realm } from './realm.ts'
import { sendMessage } from './send-message.ts'
import { showChannel } from './show-channel.ts'
import { showMessage } from './show-message.ts'
import { startThreadFromMessage, startThreadWithoutMessage } from './start-thread.ts'
import { startTyping } from './typing.ts'

export function createPerson(realm: Realm, name: string): Person {
  const id = realm.newId()
  const username = name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, '_')
  realm.users.set(id, { id, name, username, discriminator: '0', bot: false })
  const actor = { kind: 'person', id } as const
  return {
    id,
    name,
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
    type: (channelId) => startTyping(realm, actor, channelId),
    startThread(channelId, threadName, messageId) {
      const options = { channelId, name: threadName }
      const thread =
        messageId === undefined
          ? startThreadWithoutMessage(realm, actor, { ...options, type: CHANNEL.publicThread })
          : startThreadFromMessage(realm, actor, { ...options, messageId })
      return showChannel(thread, id)
    },
  }
}

function uploadOf({ name, contentType, data }: Upload): DraftFile {
  return { name, contentType, data: typeof data === 'string' ? new TextEncoder().encode(data) : data }
}

/** Messages that no one has written: Discord says them in the name of whoever caused them (docs: Message > Message Types). */
import type { Snowflake } from '../../api.ts'
import type { Realm } from '../realm/realm.ts'
import type { MessageRecord, ReferenceRecord } from '../realm/records.ts'
import { timestamp } from '../base/snowflake.ts'

/** A message the system writes in someone's name; its text, if any, is `content`. */
export function systemMessage(
  realm: Realm,
  actor: { readonly id: Snowflake },
  what: {
    readonly channelId: Snowflake
    readonly type: number
    readonly content?: string
    readonly mentions?: readonly Snowflake[]
    readonly reference?: ReferenceRecord
  },
): MessageRecord {
  return {
    id: realm.newId(),
    authorId: actor.id,
    content: '',
    timestamp: timestamp(realm.settings.now()),
    editedTimestamp: null,
    flags: 0,
    mentions: [],
    mentionRoles: [],
    mentionEveryone: false,
    attachments: [],
    embeds: [],
    components: [],
    tts: false,
    reactions: [],
    ...what,
  }
}

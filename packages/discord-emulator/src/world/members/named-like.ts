/** Members of whom a name begins so: the nickname, the display name or the username. */
import type { Realm } from '../realm/realm.ts'
import type { MemberRecord } from '../realm/records.ts'

export function namedLike(realm: Realm, members: Iterable<MemberRecord>, text: string): readonly MemberRecord[] {
  const prefix = text.toLowerCase()
  return [...members].filter(({ userId, nick }) => {
    const { name = '', username = '' } = realm.users.get(userId) ?? {}
    return [nick ?? '', name, username].some((one) => one.toLowerCase().startsWith(prefix))
  })
}

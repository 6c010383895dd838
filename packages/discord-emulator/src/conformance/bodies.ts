/**
 * Request bodies that Discord's description writes down in place, under no name: the package of its schemas has none for them. Copied
 * from the description, field by field.
 */
import * as z from 'zod/mini'

const snowflake = z.string().check(z.regex(/^(0|[1-9][0-9]*)$/))
const nick = z.optional(z.nullable(z.string().check(z.maxLength(32))))
const image = z.optional(z.nullable(z.string()))
const bits = z.optional(z.nullable(z.int()))

/** `PATCH /guilds/{guild_id}/members/@me` */
export const ModifyCurrentMember = z.object({
  nick,
  avatar: image,
  banner: image,
  bio: z.optional(z.nullable(z.string().check(z.maxLength(190)))),
})

/** `PATCH /guilds/{guild_id}/members/{user_id}` */
export const ModifyMember = z.object({
  nick,
  roles: z.optional(z.nullable(z.array(z.nullable(snowflake)).check(z.maxLength(350), unique))),
  mute: z.optional(z.nullable(z.boolean())),
  deaf: z.optional(z.nullable(z.boolean())),
  channel_id: z.optional(z.nullable(snowflake)),
  communication_disabled_until: z.optional(z.nullable(z.iso.datetime())),
  flags: z.optional(z.nullable(z.int())),
})

/** `PUT /channels/{channel_id}/permissions/{overwrite_id}` */
export const EditPermissions = z.object({
  type: z.optional(z.nullable(z.literal([0, 1]))),
  allow: bits,
  deny: bits,
})

/** `POST /channels/{channel_id}/messages/bulk-delete` */
export const BulkDelete = z.object({
  messages: z.array(snowflake).check(z.minLength(2), z.maxLength(100), unique),
})

function unique({ value, issues }: { readonly value: readonly unknown[]; readonly issues: unknown[] }): void {
  if (new Set(value).size === value.length) return
  issues.push({ code: 'custom', message: 'Items are not unique', input: value })
}

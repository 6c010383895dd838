/** Discord describes HTTP only, but its dispatches carry the same objects: those are held to the description of the objects. */
import * as S from 'discord-api-spec/zod'
import * as z from 'zod/mini'
import { problems } from '../../src/conformance/problems.ts'
import { relaxTimestamps } from '../../src/conformance/relax.ts'

const member = z.looseObject({ user: S.UserResponseSchema, roles: z.array(z.string()), joined_at: z.string() })

const OBJECTS: Readonly<Record<string, z.ZodMiniType>> = {
  MESSAGE_CREATE: S.MessageResponseSchema,
  MESSAGE_UPDATE: S.MessageResponseSchema,
  CHANNEL_CREATE: S.GuildChannelResponseSchema,
  CHANNEL_UPDATE: S.GuildChannelResponseSchema,
  CHANNEL_DELETE: S.GuildChannelResponseSchema,
  THREAD_CREATE: S.ThreadResponseSchema,
  THREAD_UPDATE: S.ThreadResponseSchema,
  GUILD_ROLE_CREATE: z.looseObject({ role: S.GuildRoleResponseSchema }),
  GUILD_ROLE_UPDATE: z.looseObject({ role: S.GuildRoleResponseSchema }),
  GUILD_MEMBERS_CHUNK: z.looseObject({ members: z.array(member) }),
  GUILD_CREATE: z.looseObject({
    roles: z.array(S.GuildRoleResponseSchema),
    threads: z.array(S.ThreadResponseSchema),
    members: z.array(member),
  }),
}

/** The dispatches of a run: each kind of problem once. */
export function heldDispatches() {
  const found = new Set<string>()
  return {
    found,
    dispatched(event: string, data: unknown): unknown {
      const schema = OBJECTS[event]
      const seen = JSON.parse(JSON.stringify(data)) as unknown
      if (schema !== undefined) for (const problem of problems(schema, relaxTimestamps(seen), event)) found.add(problem)
      return data
    },
  }
}

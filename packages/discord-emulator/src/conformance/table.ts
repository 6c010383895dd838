/** Which schema of Discord's own description holds for which route, and with which status it succeeds. */
import * as S from 'discord-api-spec/zod'
import * as z from 'zod/mini'
import { BulkDelete, EditPermissions, ModifyCurrentMember, ModifyMember } from './bodies.ts'

export interface RouteSchema {
  readonly status: number | readonly number[]
  readonly request?: z.ZodMiniType
  /** Absent: no body. */
  readonly response?: z.ZodMiniType
}

const channel = z.union([S.GuildChannelResponseSchema, S.PrivateChannelResponseSchema, S.ThreadResponseSchema])
const commands = { status: 200, response: z.array(S.ApplicationCommandResponseSchema) }
const done = { status: 204 }

export const SCHEMAS: Readonly<Record<string, RouteSchema>> = {
  'GET /gateway': { status: 200, response: S.GatewayResponseSchema },
  'GET /gateway/bot': { status: 200, response: S.GatewayBotResponseSchema },
  'GET /users/@me': { status: 200, response: S.UserPIIResponseSchema },
  'GET /users/@me/guilds': { status: 200, response: z.array(S.MyGuildResponseSchema) },
  'GET /users/:user': { status: 200, response: S.UserResponseSchema },
  'GET /applications/@me': { status: 200, response: S.PrivateApplicationResponseSchema },
  'GET /oauth2/applications/@me': { status: 200, response: S.PrivateApplicationResponseSchema },
  'GET /guilds/:guild': { status: 200, response: S.GuildWithCountsResponseSchema },
  'GET /guilds/:guild/roles': { status: 200, response: z.array(S.GuildRoleResponseSchema) },
  'GET /guilds/:guild/members': { status: 200, response: z.array(S.GuildMemberResponseSchema) },
  'GET /guilds/:guild/members/search': { status: 200, response: z.array(S.GuildMemberResponseSchema) },
  'GET /guilds/:guild/members/:user': { status: 200, response: S.GuildMemberResponseSchema },
  'POST /guilds/:guild/roles': { status: 200, request: S.CreateRoleRequestSchema, response: S.GuildRoleResponseSchema },
  'GET /guilds/:guild/roles/:role': { status: 200, response: S.GuildRoleResponseSchema },
  'PATCH /guilds/:guild/roles/:role': {
    status: 200,
    request: S.UpdateRoleRequestPartialSchema,
    response: S.GuildRoleResponseSchema,
  },
  'DELETE /guilds/:guild/roles/:role': done,
  'PUT /guilds/:guild/members/:user/roles/:role': done,
  'DELETE /guilds/:guild/members/:user/roles/:role': done,
  'PATCH /guilds/:guild/members/@me': { status: 200, request: ModifyCurrentMember, response: S.GuildMemberResponseSchema },
  'PATCH /guilds/:guild/members/:user': { status: 200, request: ModifyMember, response: S.GuildMemberResponseSchema },
  'DELETE /guilds/:guild/members/:user': done,
  'PUT /channels/:channel/permissions/:overwrite': { ...done, request: EditPermissions },
  'DELETE /channels/:channel/permissions/:overwrite': done,
  'POST /users/@me/channels': {
    status: 200,
    request: S.CreatePrivateChannelRequestSchema,
    response: S.PrivateChannelResponseSchema,
  },
  'POST /channels/:channel/messages/bulk-delete': { ...done, request: BulkDelete },
  'GET /channels/:channel/messages/pins': { status: 200, response: S.PinnedMessagesResponseSchema },
  'PUT /channels/:channel/messages/pins/:message': done,
  'DELETE /channels/:channel/messages/pins/:message': done,
  'GET /channels/:channel/pins': { status: 200, response: z.array(S.MessageResponseSchema) },
  'PUT /channels/:channel/pins/:message': done,
  'DELETE /channels/:channel/pins/:message': done,
  'GET /channels/:channel/users/@me/threads/archived/private': { status: 200, response: S.ThreadsResponseSchema },
  'GET /guilds/:guild/channels': { status: 200, response: z.array(S.GuildChannelResponseSchema) },
  'POST /guilds/:guild/channels': {
    status: 201,
    request: S.CreateGuildChannelRequestSchema,
    response: S.GuildChannelResponseSchema,
  },
  'GET /channels/:channel': { status: 200, response: channel },
  'PATCH /channels/:channel': {
    status: 200,
    request: z.union([S.UpdateGuildChannelRequestPartialSchema, S.UpdateThreadRequestPartialSchema]),
    response: channel,
  },
  'DELETE /channels/:channel': { status: 200, response: channel },
  'GET /channels/:channel/messages': { status: 200, response: z.array(S.MessageResponseSchema) },
  'POST /channels/:channel/messages': { status: 200, request: S.MessageCreateRequestSchema, response: S.MessageResponseSchema },
  'GET /channels/:channel/messages/:message': { status: 200, response: S.MessageResponseSchema },
  'PATCH /channels/:channel/messages/:message': {
    status: 200,
    request: S.MessageEditRequestPartialSchema,
    response: S.MessageResponseSchema,
  },
  'DELETE /channels/:channel/messages/:message': done,
  'PUT /channels/:channel/messages/:message/reactions/:emoji/@me': done,
  'DELETE /channels/:channel/messages/:message/reactions/:emoji/@me': done,
  'DELETE /channels/:channel/messages/:message/reactions/:emoji/:user': done,
  'GET /channels/:channel/messages/:message/reactions/:emoji': { status: 200, response: z.array(S.UserResponseSchema) },
  'DELETE /channels/:channel/messages/:message/reactions/:emoji': done,
  'DELETE /channels/:channel/messages/:message/reactions': done,
  'POST /channels/:channel/typing': done,
  'POST /channels/:channel/messages/:message/threads': {
    status: 201,
    request: S.CreateTextThreadWithMessageRequestSchema,
    response: S.ThreadResponseSchema,
  },
  'POST /channels/:channel/threads': {
    status: 201,
    request: S.CreateTextThreadWithoutMessageRequestSchema,
    response: S.CreatedThreadResponseSchema,
  },
  'GET /guilds/:guild/threads/active': { status: 200, response: S.ThreadsResponseSchema },
  'GET /channels/:channel/threads/archived/public': { status: 200, response: S.ThreadsResponseSchema },
  'GET /channels/:channel/threads/archived/private': { status: 200, response: S.ThreadsResponseSchema },
  'GET /channels/:channel/thread-members': { status: 200, response: z.array(S.ThreadMemberResponseSchema) },
  'GET /channels/:channel/thread-members/:user': { status: 200, response: S.ThreadMemberResponseSchema },
  'PUT /channels/:channel/thread-members/@me': done,
  'DELETE /channels/:channel/thread-members/@me': done,
  'PUT /channels/:channel/thread-members/:user': done,
  'DELETE /channels/:channel/thread-members/:user': done,
  'POST /interactions/:interaction/:token/callback': {
    status: [200, 204],
    request: z.union([
      S.CreateMessageInteractionCallbackRequestSchema,
      S.UpdateMessageInteractionCallbackRequestSchema,
      S.ApplicationCommandAutocompleteCallbackRequestSchema,
      S.ModalInteractionCallbackRequestSchema,
    ]),
    response: S.InteractionCallbackResponseSchema,
  },
  'POST /webhooks/:application/:token': {
    status: 200,
    request: S.IncomingWebhookRequestPartialSchema,
    response: S.MessageResponseSchema,
  },
  ...messageOfWebhook('@original'),
  ...messageOfWebhook(':message'),
  ...singleCommands('/applications/:application/commands'),
  ...singleCommands('/applications/:application/guilds/:guild/commands'),
  'GET /applications/:application/commands': commands,
  'PUT /applications/:application/commands': { ...commands, request: z.array(S.ApplicationCommandUpdateRequestSchema) },
  'GET /applications/:application/guilds/:guild/commands': commands,
  'PUT /applications/:application/guilds/:guild/commands': {
    ...commands,
    request: z.array(S.ApplicationCommandUpdateRequestSchema),
  },
}

export const REFUSED = S.ErrorResponseSchema
export const RATE_LIMITED = S.RatelimitedResponseSchema

function messageOfWebhook(which: string): Readonly<Record<string, RouteSchema>> {
  const path = `/webhooks/:application/:token/messages/${which}`
  return {
    [`GET ${path}`]: { status: 200, response: S.MessageResponseSchema },
    [`PATCH ${path}`]: {
      status: 200,
      request: S.IncomingWebhookUpdateRequestPartialSchema,
      response: S.MessageResponseSchema,
    },
    [`DELETE ${path}`]: { status: 204 },
  }
}

function singleCommands(path: string): Readonly<Record<string, RouteSchema>> {
  const response = S.ApplicationCommandResponseSchema
  return {
    [`POST ${path}`]: { status: [200, 201], request: S.ApplicationCommandCreateRequestSchema, response },
    [`GET ${path}/:command`]: { status: 200, response },
    [`PATCH ${path}/:command`]: { status: 200, request: S.ApplicationCommandPatchRequestPartialSchema, response },
    [`DELETE ${path}/:command`]: { status: 204 },
  }
}

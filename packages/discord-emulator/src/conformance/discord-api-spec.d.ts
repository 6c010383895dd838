/** The package ships its zod schemas without types: here are the names we use. */
declare module 'discord-api-spec/zod' {
  import type { ZodMiniType } from 'zod/mini'

  export const CreateMessageInteractionCallbackRequestSchema: ZodMiniType
  export const UpdateMessageInteractionCallbackRequestSchema: ZodMiniType
  export const ApplicationCommandAutocompleteCallbackRequestSchema: ZodMiniType
  export const ModalInteractionCallbackRequestSchema: ZodMiniType
  export const InteractionCallbackResponseSchema: ZodMiniType
  export const IncomingWebhookRequestPartialSchema: ZodMiniType
  export const IncomingWebhookUpdateRequestPartialSchema: ZodMiniType
  export const ApplicationCommandCreateRequestSchema: ZodMiniType
  export const ApplicationCommandPatchRequestPartialSchema: ZodMiniType
  export const PinnedMessagesResponseSchema: ZodMiniType
  export const PrivateChannelResponseSchema: ZodMiniType
  export const CreatePrivateChannelRequestSchema: ZodMiniType
  export const CreateRoleRequestSchema: ZodMiniType
  export const UpdateRoleRequestPartialSchema: ZodMiniType
  export const ApplicationCommandResponseSchema: ZodMiniType
  export const ApplicationCommandUpdateRequestSchema: ZodMiniType
  export const CreateGuildChannelRequestSchema: ZodMiniType
  export const CreateTextThreadWithMessageRequestSchema: ZodMiniType
  export const CreateTextThreadWithoutMessageRequestSchema: ZodMiniType
  export const CreatedThreadResponseSchema: ZodMiniType
  export const ErrorResponseSchema: ZodMiniType
  export const GatewayBotResponseSchema: ZodMiniType
  export const GatewayResponseSchema: ZodMiniType
  export const GuildChannelResponseSchema: ZodMiniType
  export const GuildMemberResponseSchema: ZodMiniType
  export const GuildRoleResponseSchema: ZodMiniType
  export const GuildWithCountsResponseSchema: ZodMiniType
  export const MessageCreateRequestSchema: ZodMiniType
  export const MessageEditRequestPartialSchema: ZodMiniType
  export const MessageResponseSchema: ZodMiniType
  export const MyGuildResponseSchema: ZodMiniType
  export const PrivateApplicationResponseSchema: ZodMiniType
  export const RatelimitedResponseSchema: ZodMiniType
  export const ThreadMemberResponseSchema: ZodMiniType
  export const ThreadResponseSchema: ZodMiniType
  export const ThreadsResponseSchema: ZodMiniType
  export const UpdateGuildChannelRequestPartialSchema: ZodMiniType
  export const UpdateThreadRequestPartialSchema: ZodMiniType
  export const UserPIIResponseSchema: ZodMiniType
  export const UserResponseSchema: ZodMiniType
}

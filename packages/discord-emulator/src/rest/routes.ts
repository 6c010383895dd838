/** Every route the emulator answers. */
import { applicationRoutes } from './routes/interactions/applications.ts'
import { channelRoutes } from './routes/channels/channels.ts'
import { commandRoutes } from './routes/interactions/commands.ts'
import { fileRoutes } from './routes/files.ts'
import { gatewayRoutes } from './routes/gateway.ts'
import { guildRoutes } from './routes/guilds/guilds.ts'
import { memberRoutes } from './routes/guilds/members.ts'
import { messageRoutes } from './routes/messages/messages.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { overwriteRoutes } from './routes/channels/overwrites.ts'
import { pinRoutes } from './routes/messages/pins.ts'
import { reactionRoutes } from './routes/messages/reactions.ts'
import { interactionRoutes } from './routes/interactions/interactions.ts'
import { roleRoutes } from './routes/guilds/roles.ts'
import type { Route } from './route.ts'
import { threadMemberRoutes } from './routes/channels/thread-members.ts'
import { threadRoutes } from './routes/channels/threads.ts'
import { typingRoutes } from './routes/messages/typing.ts'
import { userRoutes } from './routes/guilds/users.ts'
import { webhookRoutes } from './routes/interactions/webhooks.ts'

export const ROUTES: readonly Route[] = [
  ...gatewayRoutes,
  ...userRoutes,
  ...applicationRoutes,
  ...guildRoutes,
  ...memberRoutes,
  ...roleRoutes,
  ...channelRoutes,
  ...overwriteRoutes,
  ...messageRoutes,
  ...pinRoutes,
  ...reactionRoutes,
  ...typingRoutes,
  ...threadRoutes,
  ...threadMemberRoutes,
  ...commandRoutes,
  ...interactionRoutes,
  ...webhookRoutes,
  ...oauthRoutes,
  ...fileRoutes,
]

/** Every route the emulator answers. */
import { applicationRoutes } from './applications.ts'
import { channelRoutes } from './channels.ts'
import { commandRoutes } from './commands.ts'
import { fileRoutes } from './files.ts'
import { gatewayRoutes } from './gateway.ts'
import { guildRoutes } from './guilds.ts'
import { memberRoutes } from './members.ts'
import { messageRoutes } from './messages.ts'
import { overwriteRoutes } from './overwrites.ts'
import { pinRoutes } from './pins.ts'
import { reactionRoutes } from './reactions.ts'
import { interactionRoutes } from './interactions.ts'
import { roleRoutes } from './roles.ts'
import type { Route } from './route.ts'
import { threadMemberRoutes } from './thread-members.ts'
import { threadRoutes } from './threads.ts'
import { typingRoutes } from './typing.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

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
  ...fileRoutes,
]

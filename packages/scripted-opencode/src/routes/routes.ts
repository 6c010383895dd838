/** All routes; the first that fits is taken. */
import type { Route } from './route.ts'
import { ASK_ROUTES } from './asks.ts'
import { CONFIG_ROUTES } from './config.ts'
import { GLOBAL_ROUTES } from './global.ts'
import { LOG_IN_ROUTES } from './log-ins.ts'
import { MESSAGE_ROUTES } from './messages.ts'
import { PROMPT_ROUTES } from './prompts.ts'
import { SESSION_ROUTES } from './sessions.ts'

export const ROUTES: readonly Route[] = [
  ...GLOBAL_ROUTES,
  ...CONFIG_ROUTES,
  ...LOG_IN_ROUTES,
  ...SESSION_ROUTES,
  ...MESSAGE_ROUTES,
  ...PROMPT_ROUTES,
  ...ASK_ROUTES,
]

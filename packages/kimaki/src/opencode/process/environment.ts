/** What an OpenCode server inherits from the bot, and the password it asks for. */
import { inheritedEnvironment } from '../../base/environment.ts'

export function serverEnvironment(bot: Readonly<Record<string, string | undefined>>, password: string): Record<string, string> {
  return { ...inheritedEnvironment(bot), OPENCODE_SERVER_PASSWORD: password }
}

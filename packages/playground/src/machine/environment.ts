/** The environment of the bot, and so of the OpenCode it starts: nothing of the user's own files, no network, one model. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCodeProvider, openCodeTestEnvironment } from 'scripted-model'

export interface BotSurroundings {
  /** Temporary folder of this run: everything lives below it. */
  readonly dir: string
  readonly token: string
  readonly discordApiUrl: string
  readonly modelUrl: string
  readonly lockPort: number
}

export function botEnvironment({ dir, token, discordApiUrl, modelUrl, lockPort }: BotSurroundings): Record<string, string> {
  const openCode = openCodeTestEnvironment(join(dir, 'opencode'))
  writeGlobalConfig(openCode['XDG_CONFIG_HOME'] ?? dir, modelUrl)
  return {
    ...openCode,
    KIMAKI_BOT_TOKEN: token,
    KIMAKI_DATA_DIR: join(dir, 'kimaki'),
    KIMAKI_LOCK_PORT: String(lockPort),
    KIMAKI_DISCORD_API_URL: discordApiUrl,
    // The playground itself starts it again, and shows its pid.
    KIMAKI_NO_WRAPPER: '1',
  }
}

/** As the user's own configuration, so that the project stays clean. */
function writeGlobalConfig(configHome: string, modelUrl: string): void {
  const folder = join(configHome, 'opencode')
  mkdirSync(folder, { recursive: true })
  // The one thing that the agent has to ask for.
  const permission = { bash: { '*': 'allow', 'git tag *': 'ask' } }
  const config = { ...openCodeProvider(modelUrl), snapshot: false, lsp: false, formatter: false, permission }
  writeFileSync(join(folder, 'opencode.json'), JSON.stringify(config, null, 2))
}

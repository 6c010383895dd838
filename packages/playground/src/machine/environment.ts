/** The environment of the bot, and so of the OpenCode it starts: nothing of the user's own files, no network, one model. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCodeProvider, openCodeTestEnvironment } from 'scripted-model'

export interface BotSurroundings {
  /** Temporary folder of this run: everything lives below it. */
  readonly dir: string
  readonly token: string
  readonly discordApiUrl: string
  readonly modelUrl: string
  readonly lockPort: number
  /** An absolute path; the real OpenCode where there is none. */
  readonly openCode?: string | undefined
}

/** Kept between runs, beside the packages: the bot would look in the cache folder of its user, which is a new one each time. */
const COMPILE_CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/kimaki-playground', import.meta.url))

export function botEnvironment(surroundings: BotSurroundings): Record<string, string> {
  const { dir, token, discordApiUrl, modelUrl, lockPort, openCode } = surroundings
  const folders = openCodeTestEnvironment(join(dir, 'opencode'))
  writeGlobalConfig(folders['XDG_CONFIG_HOME'] ?? dir, modelUrl)
  return {
    ...folders,
    ...(openCode !== undefined && { OPENCODE_PATH: openCode }),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    KIMAKI_BOT_TOKEN: token,
    KIMAKI_DATA_DIR: join(dir, 'kimaki'),
    KIMAKI_LOCK_PORT: String(lockPort),
    KIMAKI_DISCORD_API_URL: discordApiUrl,
    KIMAKI_GUEST_APPROVAL: '1',
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

/**
 * What programs that the bot starts for its user (OpenCode, and so the agent's shell; a person's own commands) inherit from
 * it. Pure. The user's environment goes through; what only concerns the bot, or how npm started it, stays behind:
 * - `KIMAKI_*` and `__KIMAKI_*`: the bot token and our internal variables; `OPENCODE_SERVER_*`: a user name would break our
 *   log-in to OpenCode; and the bot token under any other name;
 * - every `node_modules/.bin` of an absolute path on PATH, which would put our tools before the user's;
 * - what npm adds for the script it runs: `npm_lifecycle_*`, `npm_package_*`, `INIT_CWD` and the like, and the places it
 *   derives from our folder, which would send the agent's own `npm install` there.
 * `NODE_OPTIONS` is the user's and stays; so do the other `npm_config_*` (offline, registry, proxies, cache).
 */
import { delimiter, isAbsolute } from 'node:path'

export function inheritedEnvironment(bot: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const underNpm = bot['npm_lifecycle_event'] !== undefined || bot['npm_execpath'] !== undefined
  const token = bot['KIMAKI_BOT_TOKEN']?.trim() ?? ''
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(bot)) {
    if (value === undefined || OURS.test(name) || NPM_RUN.test(name) || (underNpm && NPM_PLACES.test(name))) continue
    if (token.length >= TOKEN_MIN && value.includes(token)) continue
    environment[name] = name.toUpperCase() === 'PATH' ? withoutOurTools(value) : value
  }
  return environment
}

/** Shorter, it is no token of Discord, and may stand in anything. */
const TOKEN_MIN = 16
const OURS = /^((__)?KIMAKI_|OPENCODE_SERVER_)/i
const NPM_RUN = /^(npm_(lifecycle_.*|package_.*|command|execpath|node_execpath)|INIT_CWD)$/i
/** A user who means these sets them in .npmrc, which the agent's npm reads itself. */
const NPM_PLACES = /^(npm_config_(local_prefix|prefix|global_prefix|node_gyp|noproxy|npm_version|user_agent)|NODE)$/i

/** npm puts one for each folder between our package and the root, and its `node-gyp-bin`. */
function withoutOurTools(path: string): string {
  const ours = (entry: string) => isAbsolute(entry) && /[\\/](node_modules[\\/]\.bin|node-gyp-bin)[\\/]?$/.test(entry)
  return path
    .split(delimiter)
    .filter((entry) => !ours(entry))
    .join(delimiter)
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface OpenCodeConfig {
  readonly [key: string]: string | number | boolean | readonly string[] | OpenCodeConfig
}

/**
 * The content of an `opencode.json` with which OpenCode knows one provider and one model: this server. `url` is
 * `ScriptedModel.url`. The provider package is bundled with OpenCode, so nothing is installed.
 */
export function openCodeProvider(url: string): OpenCodeConfig {
  return {
    $schema: 'https://opencode.ai/config.json',
    model: 'scripted/scripted-model',
    small_model: 'scripted/scripted-model',
    enabled_providers: ['scripted'],
    autoupdate: false,
    share: 'disabled',
    provider: {
      scripted: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Scripted',
        options: { baseURL: url, apiKey: 'none' },
        models: {
          'scripted-model': {
            name: 'Scripted model',
            attachment: true,
            modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
            limit: { context: 200_000, output: 32_000 },
            cost: { input: 1, output: 2 },
          },
        },
      },
    },
  }
}

export type OpenCodeTestEnvironment = Readonly<Record<string, string>>

/**
 * The whole environment for a real OpenCode that touches neither the network nor the user's own files; `dir` is a
 * temporary folder (folders below it and an empty model catalogue are made here). The caller adds
 * `OPENCODE_SERVER_PASSWORD`, a secret of each server. Flags are strict booleans for OpenCode: `1` or absent, an empty
 * value stops it. For tests only: the agent's shell inherits all of this.
 */
export function openCodeTestEnvironment(dir: string): OpenCodeTestEnvironment {
  const models = join(dir, 'models.json')
  const homes = {
    HOME: join(dir, 'home'), // ~/.opencode, ~/.gitconfig, ~/.claude
    XDG_DATA_HOME: join(dir, 'data'), // database, auth, logs, snapshots
    XDG_CONFIG_HOME: join(dir, 'config'), // the user's global opencode.json
    XDG_CACHE_HOME: join(dir, 'cache'), // model catalogue, downloaded tools
    XDG_STATE_HOME: join(dir, 'state'), // recent models, locks
  }
  for (const folder of Object.values(homes)) mkdirSync(folder, { recursive: true })
  writeFileSync(models, '{}')
  return {
    ...homes,
    PATH: process.env['PATH'] ?? '', // git and rg: without rg OpenCode would download it at the first grep
    OPENCODE_DISABLE_MODELS_FETCH: '1', // no request for the model catalogue
    OPENCODE_MODELS_PATH: models, // an empty catalogue: quicker first prompt and 240 MB less than the built-in one
    OPENCODE_DISABLE_AUTOUPDATE: '1', // no look for a newer version
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1', // no language servers from the network
    npm_config_offline: 'true', // its background `npm install` of plugin types fails at once, not after 70 s of retries
  }
}

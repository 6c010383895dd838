/** `kimaki clean`: archives idle threads, and deletes what is old of what people said. Without `--apply` it only says what that would be. */
import type { Cleaned } from '../../../app/upkeep/clean.ts'
import { systemClock } from '../../../base/clock.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import type { StorePort } from '../../../ports/store.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import type { Config } from '../../config.ts'
import { EXIT_OK } from '../../status.ts'

/** A thread takes two requests, and Discord may let us wait. */
const ANSWER_MS = 600_000
const SHOWN = 20

export const clean = defineCliCommand({
  usage: 'clean',
  description: 'archive idle threads, delete old attachments and the words of old requests; without --apply only shown',
  examples: ['kimaki clean', 'kimaki clean --apply'],
  options: {
    apply: { flag: '--apply', description: 'do it' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, options: { apply = false, json }, print }) {
    const { throughBotOrStore } = await import('../../control/bot-or-store.ts')
    const cleaned = await throughBotOrStore<Cleaned>(config, {
      call: { method: 'POST', path: '/clean', body: { apply } },
      answerMs: ANSWER_MS,
      withStore: (store) => cleanInStore(config, store, apply),
    })
    if (cleaned instanceof Error) return cleaned
    if (json) print(jsonForTerminal(cleaned, 2))
    else for (const line of cleanedLines(cleaned)) print(line)
    return EXIT_OK
  },
  routes: {
    'POST /clean': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { clean: cleanUp } = await import('../../../app/upkeep/clean.ts')
      const { store, files, chat } = composed
      const apply = (body as { readonly apply?: unknown } | undefined)?.apply === true
      return cleanUp({ store, files, channels: chat.channels }, { now: systemClock.now(), apply })
    },
  },
})

async function cleanInStore(config: Config, store: StorePort, apply: boolean): Promise<Cleaned | Error> {
  const { clean: cleanUp } = await import('../../../app/upkeep/clean.ts')
  const { createFiles } = await import('../../../host/files.ts')
  const { withDiscord } = await import('../../projects/offline.ts')
  const quiet = (): void => undefined
  const files = createFiles(config.dataDir, { debug: quiet, info: quiet, warn: quiet, error: quiet }, config.files)
  const how = { now: systemClock.now(), apply }
  if (config.token === undefined) return cleanUp({ store, files, channels: undefined }, how)
  return withDiscord(config, (chat) => cleanUp({ store, files, channels: chat.channels }, how))
}

function cleanedLines({ isApplied, threads, bodies, attachments, troubles }: Cleaned): readonly string[] {
  const { files, bytes } = attachments
  const isClean = threads.length + bodies + files === 0
  return [
    `Idle threads ${isApplied ? 'archived' : 'to archive'}: ${threads.length}${threads.length === 0 ? '' : ` (${someOf(threads)})`}`,
    `Old attachments ${isApplied ? 'deleted' : 'to delete'}: ${files} (${Math.ceil(bytes / 1024)} kB)`,
    `Old requests whose words ${isApplied ? 'were deleted' : 'are to be deleted'}: ${bodies}`,
    ...troubles,
    ...(isApplied ? [] : [isClean ? 'There is nothing to clean up.' : 'Nothing was changed. Run the same with --apply.']),
  ]
}

const someOf = (ids: readonly string[]): string =>
  `${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''}`

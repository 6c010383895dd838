/** `kimaki project unlink` and `remove`: a channel is no project any more. The folder is never touched. */
import { UsageError } from '../../base/errors.ts'
import { jsonForTerminal } from '../../base/text.ts'
import type { RemovedProject } from '../../ports/projects.ts'
import type { StorePort } from '../../ports/store.ts'
import { composedOf, defineCliCommand, type CliCall } from '../command.ts'
import type { Config } from '../config.ts'
import { EXIT_OK } from '../status.ts'

const JSON_OPTION = { flag: '--json', description: 'tell as JSON what became of it' } as const

export const projectUnlink = defineCliCommand({
  usage: 'project unlink <channel>',
  description: 'unlink a channel from its folder; both stay (a channel: its id, <#id>, its address, or the folder)',
  examples: ['kimaki project unlink .'],
  options: { json: JSON_OPTION },
  run: async (call) => unlink(call, false),
  routes: {},
})

export const projectRemove = defineCliCommand({
  usage: 'project remove <channel>',
  description: 'the same, and with --delete-channel the channel is deleted in Discord',
  examples: ['kimaki project remove 123456789012345678 --delete-channel'],
  options: {
    deleteChannel: { flag: '--delete-channel', description: 'delete the channel with all that was said in it' },
    json: JSON_OPTION,
  },
  run: async (call) => unlink(call, call.options.deleteChannel === true),
  routes: {
    'POST /projects/remove': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { channelId, deletes } = (body ?? {}) as { readonly channelId?: unknown; readonly deletes?: unknown }
      if (typeof channelId !== 'string') return new UsageError({ reason: 'channelId is needed' })
      return (await composed.bot.setup.remove(channelId, deletes === true)) ?? GONE
    },
  },
})

/** Somebody else has unlinked it meanwhile. */
const GONE: RemovedProject = { directory: '', channel: 'kept' }

async function unlink(
  { config, args: [wanted = ''], options, print }: CliCall<{ readonly json: typeof JSON_OPTION }>,
  deletes: boolean,
): Promise<number | Error> {
  const { projectsNow } = await import('../projects/projects-now.ts')
  const projects = await projectsNow(config)
  if (projects instanceof Error) return projects
  const { whichProject } = await import('../projects/which-project.ts')
  const project = whichProject(projects, wanted)
  if (project instanceof Error) return project
  const { channelId, directory } = project
  const { throughBotOrStore } = await import('../control/bot-or-store.ts')
  const removed = await throughBotOrStore<RemovedProject>(config, {
    call: { method: 'POST', path: '/projects/remove', body: { channelId, deletes } },
    answerMs: ANSWER_MS,
    withStore: (store) => removeInStore(config, store, channelId, deletes),
  })
  if (removed instanceof Error) return removed
  if (options.json) print(jsonForTerminal({ ...removed, channelId, directory }))
  else for (const line of linesOf(removed, channelId, directory)) print(line)
  return EXIT_OK
}

const ANSWER_MS = 70_000

/** Discord is needed only to delete the channel. */
async function removeInStore(
  config: Config,
  store: StorePort,
  channelId: string,
  deletes: boolean,
): Promise<RemovedProject | Error> {
  const { ownersOf, withSetup } = await import('../projects/offline.ts')
  if (!deletes) {
    const held = await ownersOf(config)?.release(channelId)
    if (held) return held
    await store.unlinkProject(channelId)
    return GONE
  }
  return withSetup(config, store, async (setup) => (await setup.remove(channelId, true)) ?? GONE)
}

function linesOf({ channel, reason }: RemovedProject, channelId: string, directory: string): readonly string[] {
  const fate = {
    kept: `Channel ${channelId} is no project any more; it stays in Discord.`,
    deleted: `Channel ${channelId} is no project any more, and deleted.`,
    refused: `Channel ${channelId} is no project any more, but was not deleted. ${reason ?? ''}`,
  }
  return [fate[channel], `The folder ${directory} is as it was: nothing in it was touched.`]
}

/** The conductor: starts one after the other what the playground needs, and ends all of it. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type Emulator, type EmulatorOptions } from 'discord-emulator'
import { startScriptedModel } from 'scripted-model'
import type { ScriptedModel } from 'scripted-model'
import { type Stage, setStage } from './discord/people.ts'
import { readScene } from './discord/scene.ts'
import { keepBot } from './machine/bot.ts'
import type { BotKeeper } from './machine/bot.ts'
import { botEnvironment } from './machine/environment.ts'
import { freePort } from './machine/free-port.ts'
import { endLeftovers } from './machine/leftovers.ts'
import { linkProject } from './machine/link.ts'
import { SAMPLE_NAME } from './machine/sample-files.ts'
import { createSampleProject } from './machine/sample-project.ts'
import { createTroubles } from './machine/troubles.ts'
import { watchVerdict } from './proof/watch.ts'
import { EXAMPLES } from './script/examples.ts'
import { playgroundRules } from './script/rules.ts'
import { createActions } from './web/actions.ts'
import { loadAssets } from './web/assets.ts'
import { createFeed } from './web/feed.ts'
import { startPageServer } from './web/server.ts'

export interface PlaygroundOptions {
  /** Ports of the page, in order of preference; default `[0]`: any. */
  readonly ports?: readonly number[]
  /** Hears of each part as it stands, in a few words. */
  readonly onProgress?: (part: string, what: string) => void
  /** Hears of every exchange with the emulated Discord. */
  readonly onExchange?: EmulatorOptions['onExchange']
  /** A program to run instead of the real OpenCode: an absolute path. */
  readonly openCode?: string
  /** A build of kimaki to run instead of the sources: an absolute path. */
  readonly kimaki?: string | undefined
}

export interface Playground {
  /** The page, with its token. */
  readonly url: string
  /** The temporary folder of this run; every process of it carries the path in its environment. */
  readonly dir: string
  readonly project: string
  readonly emulator: Emulator
  readonly model: ScriptedModel
  readonly stage: Stage
  readonly bot: BotKeeper
  /** Ends every process and removes the folder. */
  stop(): Promise<void>
}

export async function startPlayground({
  ports = [0],
  onProgress = () => undefined,
  onExchange,
  openCode,
  kimaki,
}: PlaygroundOptions = {}): Promise<Playground> {
  const endings: (() => unknown)[] = []
  const stop = once(async () => {
    const failures: unknown[] = []
    for (const end of endings.toReversed()) {
      try {
        await end()
      } catch (cause) {
        failures.push(cause)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The playground did not end in order')
  })

  try {
    // What the system calls it, so that paths the agent prints look the same (macOS: /var is a link).
    const dir = await mkdtemp(join(await realpath(tmpdir()), 'kimaki-playground-'))
    endings.push(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))
    const assets = loadAssets()
    // Awaited further down: a failure before that must not be nobody's.
    assets.catch(() => undefined)
    const project = await createSampleProject(dir)
    onProgress('Project', project)

    const emulator = await startEmulator(onExchange ? { onExchange } : {})
    endings.push(() => emulator.stop())
    const stage = setStage(emulator.world, SAMPLE_NAME)
    onProgress('Discord', `emulated on ${emulator.origin}`)
    const model = await startScriptedModel({ rules: playgroundRules(project) })
    endings.push(() => model.stop())
    onProgress('Model', `scripted, on ${model.url}`)

    const environment = botEnvironment({
      dir,
      token: stage.bot.token,
      discordApiUrl: emulator.apiUrl,
      modelUrl: model.url,
      lockPort: await freePort(),
      openCode,
    })
    await linkProject(environment, { folder: project, channelId: stage.projectChannel, guildId: stage.guild.id }, kimaki)
    endings.push(() => endLeftovers(dir))
    const bot = keepBot(environment, kimaki)
    endings.push(() => bot.stop())
    await bot.ready()
    onProgress('Bot', 'the real one, with the real OpenCode behind it')

    const { world } = emulator
    const commandLines = new Map<string, string>()
    const folders = new Map([[stage.projectChannel, project]])
    const eyes = new Set([stage.you])
    const read = () => readScene({ world, you: stage.you, eyes, channels: stage.channels, folders, commandLines })
    const botId = stage.bot.id
    const troubles = createTroubles({ emulator, bot, botId, dir })
    endings.push(() => troubles.stop())
    const watch = watchVerdict({
      journal: emulator.journal,
      model: model.log,
      bot,
      troubles,
      botId,
      channels: new Set(folders.keys()),
      maySpeak: (id) => stage.cast.some(({ who, maySpeak }) => maySpeak && who.id === id),
    })
    endings.push(() => watch.stop())
    const hello = {
      guild: stage.guild.name,
      you: author(stage.you, false),
      cast: stage.cast.map(({ who, kind, note }) => ({ ...author(who, kind === 'bot'), kind, note })),
      bot: author(stage.bot, true),
      examples: EXAMPLES,
      troubles: troubles.offered,
    }
    const actions = createActions({
      world,
      cast: stage.cast,
      bot,
      troubles,
      read,
      eyes,
      commandLines,
      apiUrl: emulator.apiUrl,
    })
    const feed = createFeed({ emulator, bot, hello, read, troubles, watch })
    endings.push(() => feed.stop())
    const server = await startPageServer({ ports, assets: await assets, feed, actions })
    endings.push(() => server.stop())
    return { url: server.url, dir, project, emulator, model, stage, bot, stop }
  } catch (cause) {
    await stop().catch(() => undefined)
    throw cause
  }
}

const author = ({ id, name }: { readonly id: string; readonly name: string }, bot: boolean) => ({ id, name, bot })

function once<T>(act: () => Promise<T>): () => Promise<T> {
  let acting: Promise<T> | undefined
  return () => (acting ??= act())
}

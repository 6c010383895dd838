/**
 * Faults as rows. A row says what goes wrong while people write, what must be seen afterwards beside the checker's word, and which
 * safeguard its red control takes away: the same scene played without it must show what the safeguard is there to prevent.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { summarise } from 'checker'
import { startBot, type BotProcess } from '../../support/bot-process.ts'
import type { Harness, Project } from '../../support/harness.ts'
import type { SafeguardName } from './safeguards.ts'

export interface FaultRow {
  readonly name: string
  /** What goes wrong, and what is written meanwhile. */
  readonly scene: (scene: Scene) => Promise<unknown> | void
  /** Sentences that name what is amiss; none when all is well. */
  readonly amiss?: (scene: Scene) => readonly (string | false | undefined)[]
  /** Nothing can be answered: the end is told, in its thread or `elsewhere`, where the checker does not look. */
  readonly told?: true | 'elsewhere'
  readonly red: { readonly without: SafeguardName; readonly shows: RegExp }
}

export interface Scene {
  readonly harness: Harness
  readonly project: Project
  /** A thread that was answered before the fault. */
  readonly thread: string
  readonly bot: BotProcess
  /** Of the bot, once it has ended. */
  exitCode(): number | null | undefined
  /** Something a person writes, which the checker expects an end for. */
  ask(words?: string, place?: string): { readonly id: string; readonly tag: string }
  /** Kills the bot, lets `meanwhile` happen, starts it again and waits until it is ready, if it ever is. */
  restart(meanwhile: () => void): Promise<void>
  /** What the gateway saw since the scene began. */
  steps(): readonly string[]
  /** Requests since the scene began, e.g. of `POST /channels/:channel/messages`. */
  requests(route: string): readonly { readonly path: string; readonly status: number; readonly at: number }[]
  /** What the bot has said in the project channel since the scene began. */
  told(): readonly string[]
  /** Resolves with the first value, or undefined once the scene's patience has ended. */
  until<T>(look: () => T | undefined): Promise<T | undefined>
}

const FAULTY = { kind: 'composition', file: new URL('faulty-bot.ts', import.meta.url) } as const
const FOOTER = /^\*alpha/
const GREEN_PATIENCE_MS = 20_000
/** Several times what a scene takes: what has not come by then does not come. */
const RED_PATIENCE_MS = 3500

export interface Stage {
  /** What is amiss, in sentences. */
  play(row: FaultRow, without?: SafeguardName): Promise<readonly string[]>
  /** Ends the bot and the server it may have left behind. */
  end(): Promise<void>
}

/** Plays rows in one harness, each with the bot of the last one as long as it runs and lacks nothing. */
export function stage(harness: Harness, project: Project): Stage {
  let bot: BotProcess | undefined
  let lacks: SafeguardName | undefined
  let exit: number | null | undefined
  let count = 0

  function start(without: SafeguardName | undefined): BotProcess {
    const begun = (bot = startBot(FAULTY, { ...harness.env, ...(without !== undefined && { WITHOUT: without }) }))
    exit = undefined
    void begun.exited.then(({ code }) => begun === bot && (exit = code))
    return begun
  }

  async function cleanBot(without: SafeguardName | undefined): Promise<void> {
    // What a bot that lacks something lost is not to be mixed with the next scene.
    if (bot?.running && lacks === undefined && without === undefined) return
    bot?.kill()
    await bot?.exited
    harness.emulator.faults.clear()
    lacks = without
    await start(without).ready
  }

  async function play(row: FaultRow, without?: SafeguardName): Promise<readonly string[]> {
    await cleanBot(without)
    const asked: { readonly tag: string; readonly home: string }[] = []
    const patience = without === undefined ? GREEN_PATIENCE_MS : RED_PATIENCE_MS
    const ask: Scene['ask'] = (words = 'text', place = project.channelId) => {
      const tag = `#m${(count += 1)}`
      const { id } = harness.owner.send(place, `${words} ${tag}`)
      asked.push({ tag, home: place === project.channelId ? id : place })
      return { id, tag }
    }
    const until: Scene['until'] = async (look) => seen(look, patience)
    const { id: thread } = ask('before')
    await harness.untilSaid(thread, FOOTER)
    // What the last red control left unsaid is said now, and must not meet this scene's fault.
    if (without !== undefined) await quiet(harness)
    const from = harness.emulator.journal.entries.length
    const since = () => harness.emulator.journal.entries.slice(from)
    const scene: Scene = {
      harness,
      project,
      thread,
      get bot() {
        if (!bot) throw new Error('no bot')
        return bot
      },
      exitCode: () => exit,
      ask,
      async restart(meanwhile) {
        bot?.kill()
        await bot?.exited
        meanwhile()
        await Promise.race([start(without).ready, until(() => undefined)]).catch(() => undefined)
      },
      steps: () => since().flatMap((entry) => (entry.kind === 'gateway' ? [entry.what] : [])),
      requests: (route) =>
        since().flatMap((entry) => (entry.kind === 'request' && `${entry.method} ${entry.route}` === route ? [entry] : [])),
      told: () =>
        since().flatMap((entry) =>
          entry.kind === 'message' && entry.by === 'bot' && entry.channelId === project.channelId ? [entry.content] : [],
        ),
      until,
    }
    await row.scene(scene)
    const findings = () =>
      harness
        .verdict()
        .findings.filter(
          ({ kind, tag, detail }) =>
            !(row.told === 'elsewhere' && kind === 'lost') &&
            asked.some((one) => one.tag === tag || mentions(detail, one.tag) || detail.includes(one.home)),
        )
    const complaints = (): readonly string[] => {
      const verdict = { ...harness.verdict(), findings: findings() }
      const own = (row.amiss?.(scene) ?? []).filter((sentence) => typeof sentence === 'string')
      const amiss = row.told ? own : [...own, ...asked.flatMap((one) => unanswered(harness, one))]
      return [...(verdict.findings.length > 0 ? [summarise(verdict)] : []), ...amiss]
    }
    await until(() => (complaints().length === 0 ? true : undefined))
    harness.emulator.faults.clear()
    return complaints()
  }

  return {
    play,
    async end() {
      if (!bot?.running) await start(undefined).ready
      await bot?.stop()
    },
  }
}

/** Its answer, or a later one, is followed by a footer: all that was to be posted before has been. */
function unanswered({ said }: Harness, { tag, home }: { readonly tag: string; readonly home: string }): readonly string[] {
  const texts = said(home)
  const at = texts.findIndex((text) => new RegExp(`(Answer to|Done with) ${tag}\\b`).test(text))
  if (at === -1) return [`${tag} is not answered`]
  return texts.slice(at).some((text) => FOOTER.test(text)) ? [] : [`${tag} has no footer`]
}

const mentions = (detail: string, tag: string): boolean => new RegExp(`${tag}\\b`).test(detail)

const LOOK_EVERY_MS = 50
const QUIET_MS = 400

/** What an earlier scene left undone is done, as far as a bot can do it that lacks something. */
async function quiet({ dataDir, emulator: { journal } }: Harness): Promise<void> {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const open = db.prepare(`SELECT 1 FROM inbox WHERE state = 'new' UNION SELECT 1 FROM effect WHERE state = 'new'
    UNION SELECT 1 FROM prompt WHERE settled = 0 UNION SELECT 1 FROM posted WHERE settled = 0`)
  await seen(() => (open.get() ? undefined : true), RED_PATIENCE_MS)
  db.close()
  for (let before = -1; before !== journal.entries.length;) {
    before = journal.entries.length
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  }
}

/** Emulator, model and process have no common sign of a change. */
async function seen<T>(look: () => T | undefined, patience: number): Promise<T | undefined> {
  const end = performance.now() + patience
  for (let value = look(); ; value = look()) {
    if (value !== undefined || performance.now() > end) return value
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

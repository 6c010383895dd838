/** Plays rows in one harness, each with the bot of the last one as long as it runs and lacks nothing. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { summarise } from 'checker'
import { startBot } from '../../support/bot-process.ts'
import type { Harness, Project } from '../../support/harness.ts'
import { beginInnerBot } from '../../support/inner-bot.ts'
import type { FaultBot, FaultRow, Scenario } from './row.ts'
import { decorationsWithout, type SafeguardName } from './safeguards.ts'

const FAULTY = { kind: 'composition', file: new URL('faulty-bot.ts', import.meta.url) } as const
const FOOTER = /^\*alpha/
const GREEN_PATIENCE_MS = 20_000
/** What has not come in three times what it took with the safeguard does not come. */
const RED_PATIENCE = 3
const SHORTEST_RED_MS = 1500
/** On a machine that is busy the green run took long; a red control does not fail for having waited too short. */
const LONGEST_RED_MS = 5000

interface Asked {
  readonly tag: string
  readonly home: string
}

export class Runner {
  readonly #harness: Harness
  readonly #project: Project
  /** How long each row took with all safeguards. */
  readonly #took: Map<string, number>
  #bot: (FaultBot & { readonly kind: 'inner' | 'process' }) | undefined
  #lacks: SafeguardName | undefined
  #exit: number | null | undefined
  #count = 0

  constructor(harness: Harness, project: Project, took: Map<string, number>) {
    this.#harness = harness
    this.#project = project
    this.#took = took
  }

  /** What is amiss, in sentences. */
  async play(row: FaultRow, without?: SafeguardName): Promise<readonly string[]> {
    await this.#cleanBot(row, without)
    const patience = this.#patience(row, without)
    const asked: Asked[] = []
    const ask: Scenario['ask'] = (words = 'text', place = this.#project.channelId) => {
      const tag = `#m${(this.#count += 1)}`
      const { id } = this.#harness.owner.send(place, `${words} ${tag}`)
      asked.push({ tag, home: place === this.#project.channelId ? id : place })
      return { id, tag }
    }
    const { id: thread } = ask('before')
    await this.#harness.untilSaid(thread, FOOTER)
    // What the last red control left unsaid is said now, and must not meet this scenario's fault.
    if (without !== undefined) await quiet(this.#harness)
    const startedAt = performance.now()
    const scenario = this.#scenario({ row, without, ask, thread, patience })
    await row.scenario(scenario)
    const amiss = (): readonly string[] => this.#complaints(row, scenario, asked)
    const shown = (): boolean => without !== undefined && row.red.happens === true && row.red.shows.test(amiss().join('\n'))
    // To judge reads the whole journal: only when something has happened.
    const changed = this.#changes()
    await seen(() => (changed() && (amiss().length === 0 || shown()) ? true : undefined), patience)
    if (without === undefined) this.#took.set(row.name, performance.now() - startedAt)
    this.#harness.emulator.faults.clear()
    return amiss()
  }

  /** Whether anything that a judgement reads is new since the last call. */
  #changes(): () => boolean {
    const { emulator, model } = this.#harness
    const now = (): string =>
      [emulator.journal.entries.length, model.log.length, this.#exit, this.#bot?.running, this.#bot?.stderr().length].join()
    let before = ''
    return () => {
      const last = before
      before = now()
      return before !== last
    }
  }

  #patience({ name, red }: FaultRow, without: SafeguardName | undefined): number {
    if (without === undefined || red.happens) return GREEN_PATIENCE_MS
    return Math.min(Math.max(SHORTEST_RED_MS, RED_PATIENCE * (this.#took.get(name) ?? 0)), LONGEST_RED_MS)
  }

  #start(kind: 'inner' | 'process', without: SafeguardName | undefined): Promise<void> {
    const { bot, ready } = kind === 'inner' ? inner(this.#harness, without) : process(this.#harness, without)
    const begun = {
      kind,
      ...bot,
      get running() {
        return bot.running
      },
    }
    this.#bot = begun
    this.#exit = undefined
    void bot.exited.then((code) => this.#bot === begun && (this.#exit = code))
    return ready
  }

  async #end(): Promise<void> {
    this.#bot?.kill()
    await this.#bot?.exited
  }

  async #cleanBot({ ends }: FaultRow, without: SafeguardName | undefined): Promise<void> {
    const kind = ends ? 'process' : 'inner'
    // What a bot that lacks something lost is not to be mixed with the next scenario.
    if (this.#bot?.running && this.#bot.kind === kind && this.#lacks === undefined && without === undefined) return
    await this.#end()
    this.#harness.emulator.faults.clear()
    this.#lacks = without
    await this.#start(kind, without)
  }

  #scenario(
    of: Pick<Scenario, 'ask' | 'thread'> & {
      readonly row: FaultRow
      readonly without: SafeguardName | undefined
      readonly patience: number
    },
  ): Scenario {
    const { row, without, ask, thread, patience } = of
    const { journal } = this.#harness.emulator
    const from = journal.entries.length
    const since = () => journal.entries.slice(from)
    const currentBot = (): FaultBot => {
      if (!this.#bot) throw new Error('no bot')
      return this.#bot
    }
    return {
      harness: this.#harness,
      project: this.#project,
      lacks: without,
      thread,
      get bot() {
        return currentBot()
      },
      exitCode: () => this.#exit,
      ask,
      restart: async (meanwhile) => {
        await this.#end()
        meanwhile()
        await Promise.race([this.#start(row.ends ? 'process' : 'inner', without), seen(() => undefined, patience)]).catch(
          () => undefined,
        )
      },
      steps: () => since().flatMap((entry) => (entry.kind === 'gateway' ? [entry.what] : [])),
      requests: (route) =>
        since().flatMap((entry) => (entry.kind === 'request' && `${entry.method} ${entry.route}` === route ? [entry] : [])),
      told: () =>
        since().flatMap((entry) =>
          entry.kind === 'message' && entry.by === 'bot' && entry.channelId === this.#project.channelId ? [entry.content] : [],
        ),
      until: async (look, patienceMs = patience) => seen(look, patienceMs),
    }
  }

  #complaints(row: FaultRow, scenario: Scenario, asked: readonly Asked[]): readonly string[] {
    const verdict = this.#harness.verdict()
    const findings = verdict.findings.filter(
      ({ kind, tag, detail }) =>
        !(row.told === 'elsewhere' && kind === 'lost') &&
        asked.some((each) => each.tag === tag || mentions(detail, each.tag) || detail.includes(each.home)),
    )
    const own = (row.amiss?.(scenario) ?? []).filter((sentence) => typeof sentence === 'string')
    const amiss = row.told ? own : [...own, ...asked.flatMap((each) => unanswered(this.#harness, each))]
    return [...(findings.length > 0 ? [summarise({ ...verdict, findings })] : []), ...amiss]
  }
}

interface Started {
  readonly bot: FaultBot
  readonly ready: Promise<void>
}

function inner(harness: Harness, without: SafeguardName | undefined): Started {
  const started = beginInnerBot(harness, { decorate: (config, { log }) => decorationsWithout(config, without, log) })
  const { ready, gone, kill } = started
  const exited = gone.then(() => undefined)
  return {
    ready,
    bot: {
      stderr: started.said,
      kill,
      exited,
      get running() {
        return started.running
      },
    },
  }
}

function process(harness: Harness, without: SafeguardName | undefined): Started {
  const started = startBot(FAULTY, { ...harness.env, ...(without !== undefined && { WITHOUT: without }) }, [
    '--opencode-servers',
    '1',
  ])
  const { kill, stderr } = started
  const exited = started.exited.then(({ code }) => code)
  const ready = started.ready.then(() => undefined)
  return {
    ready,
    bot: {
      stderr,
      kill,
      exited,
      get running() {
        return started.running
      },
    },
  }
}

/** Its answer, or a later one, is followed by a footer: all that was to be posted before has been. */
function unanswered({ said }: Harness, { tag, home }: Asked): readonly string[] {
  const texts = said(home)
  const at = texts.findIndex((text) => new RegExp(`(Answer to|Done with) ${tag}\\b`).test(text))
  if (at === -1) return [`${tag} is not answered`]
  return texts.slice(at).some((text) => FOOTER.test(text)) ? [] : [`${tag} has no footer`]
}

const mentions = (detail: string, tag: string): boolean => new RegExp(`${tag}\\b`).test(detail)

const LOOK_EVERY_MS = 25
const QUIET_MS = 400
const LEFT_UNDONE_MS = 3500

/** What an earlier scenario left undone is done, as far as a bot can do it that lacks something. */
async function quiet({ dataDir, emulator: { journal } }: Harness): Promise<void> {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const open = db.prepare(`SELECT 1 FROM inbox WHERE state = 'new' UNION SELECT 1 FROM effect WHERE state = 'new'
    UNION SELECT 1 FROM prompt WHERE settled = 0 UNION SELECT 1 FROM posted WHERE settled = 0`)
  await seen(() => (open.get() ? undefined : true), LEFT_UNDONE_MS)
  db.close()
  for (let before = -1; before !== journal.entries.length;) {
    before = journal.entries.length
    await seen(() => (journal.entries.length === before ? undefined : true), QUIET_MS)
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

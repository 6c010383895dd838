/**
 * Makes the slash commands known to the guilds, once Discord is connected and whenever other ones are to be shown. What Discord was told is
 * on record by its hash: as long as that is the same, nothing is asked of Discord.
 */
import { deriveId } from '../../base/ids.ts'
import { ChatRefused, ChatUnknown, isAbortError } from '../../base/errors.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import { KeyedSerialQueue } from '../../base/serial.ts'
import type { ChatError, ChatPort, ChatReady, CommandDeclaration } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { CommandRecords, Project, RegisteredIn } from '../../ports/store.ts'

export interface RegistrationDeps {
  readonly chat: Pick<ChatPort, 'registerCommands' | 'removeGlobalCommands'>
  readonly records: Pick<CommandRecords, 'registered' | 'keepRegistered'>
  readonly timers: Pick<KeyedTimers, 'set' | 'clear'>
  readonly log: Log
  readonly projects: () => readonly Project[]
  /** What a guild with projects in these folders is to be shown. */
  readonly declared: (directories: readonly string[]) => readonly CommandDeclaration[]
}

/** Discord takes 200 new commands a day and guild (Discord docs: JSON Error Codes, 30034). */
const TOO_MANY_TODAY = 30_034
const ONCE_MORE_MS = 60_000
const MUCH_LATER_MS = 3_600_000
/** Several projects may have news at once. */
const GATHERED_FOR_MS = 1000

/** Of all guilds at once, by versions before there were commands of guilds. */
const WERE_GLOBAL = [
  'abort',
  'btw',
  'new-session',
  'permissions',
  'queue',
  'run-shell-command',
  'session-id',
  'share',
  'verbosity',
]

export class Registration {
  readonly #deps: RegistrationDeps
  readonly #queue = new KeyedSerialQueue()
  /** Guilds that the bot is not in any more. */
  readonly #left = new Set<string>()
  #ready: Pick<ChatReady, 'applicationId' | 'guildIds'> | undefined

  constructor(deps: RegistrationDeps) {
    this.#deps = deps
  }

  /** Discord is connected. */
  start(ready: Pick<ChatReady, 'applicationId' | 'guildIds'>): void {
    this.#ready = ready
    const linked = this.#deps.projects().map(({ guildId }) => guildId)
    // Without any, Discord could not be asked which they are.
    const here = ready.guildIds.length > 0 ? ready.guildIds : linked
    for (const guildId of linked) if (!here.includes(guildId)) this.left(guildId)
    for (const guildId of new Set(here)) this.#again(guildId)
    void this.#run(GLOBAL, () => this.#removeGlobal(ready.applicationId))
  }

  /** Told at each new connection for all guilds, too: what is on record as told there is not told again. */
  joined(guildId: string): void {
    this.#left.delete(guildId)
    this.#again(guildId)
  }

  /** Discord has deleted the commands there, so what it was told counts no more; nothing is asked until the bot is back. */
  left(guildId: string): void {
    const { applicationId } = this.#ready ?? {}
    if (applicationId === undefined || this.#left.has(guildId)) return
    this.#left.add(guildId)
    this.#deps.timers.clear(retryKey(guildId))
    void this.#run(guildId, () => this.#forget({ applicationId, guildId }))
  }

  /** The guilds of this project may have to be shown something else. */
  changed(directory: string): void {
    const { projects, timers } = this.#deps
    const ready = this.#ready
    if (!ready) return
    for (const { guildId } of projects().filter((project) => project.directory === directory))
      timers.set(`commands ${guildId}`, GATHERED_FOR_MS, () => this.#again(guildId))
  }

  #again(guildId: string): void {
    const { applicationId } = this.#ready ?? {}
    if (applicationId !== undefined && !this.#left.has(guildId))
      void this.#run(guildId, () => this.#register(applicationId, guildId))
  }

  /** One at a time in a guild. */
  async #run(guildId: string, work: () => Promise<undefined | ChatError>): Promise<void> {
    try {
      const failed = await this.#queue.run(guildId, work)
      if (failed) this.#failed(guildId, failed)
    } catch (error) {
      if (!isAbortError(error))
        this.#deps.log.error('the slash commands could not be registered', { server: guildId, error: String(error) })
    }
  }

  async #register(applicationId: string, guildId: string): Promise<undefined | ChatError> {
    const { chat, records, projects, declared } = this.#deps
    const directories = projects().flatMap((project) => (project.guildId === guildId ? project.directory : []))
    const commands = declared([...new Set(directories)])
    const hash = deriveId('', JSON.stringify(commands))
    const place = { applicationId, guildId }
    const known = await records.registered(place)
    if (known?.hash === hash) return undefined
    let names = known?.names ?? []
    const keep = async (next: readonly string[]): Promise<void> => {
      names = next
      await records.keepRegistered(place, { names, hash: undefined })
    }
    const failed = await chat.registerCommands(guildId, commands, { names, keep })
    if (failed) return failed
    await records.keepRegistered(place, { names, hash })
    return undefined
  }

  async #forget(place: RegisteredIn): Promise<undefined> {
    const { records } = this.#deps
    const known = await records.registered(place)
    if (known) await records.keepRegistered(place, { ...known, hash: undefined })
  }

  async #removeGlobal(applicationId: string): Promise<undefined | ChatError> {
    const { chat, records } = this.#deps
    const place = { applicationId, guildId: GLOBAL }
    if (await records.registered(place)) return undefined
    const failed = await chat.removeGlobalCommands(WERE_GLOBAL)
    if (failed) return failed
    await records.keepRegistered(place, { names: [], hash: undefined })
    return undefined
  }

  #failed(guildId: string, error: ChatError): void {
    if (this.#left.has(guildId)) return
    const { log, timers } = this.#deps
    const reason = error.message
    if (error instanceof ChatRefused && error.code === TOO_MANY_TODAY)
      log.warn('Discord takes 200 new slash commands a day and server: the others are registered later', {
        server: guildId,
        reason,
      })
    else log.warn('the slash commands could not be registered: Discord shows those of the last time', { server: guildId, reason })
    const { applicationId } = this.#ready ?? {}
    if (guildId === GLOBAL || applicationId === undefined) return
    timers.set(retryKey(guildId), error instanceof ChatUnknown ? ONCE_MORE_MS : MUCH_LATER_MS, () => this.#again(guildId))
  }
}

const retryKey = (guildId: string): string => `commands again ${guildId}`

const GLOBAL = 'global'

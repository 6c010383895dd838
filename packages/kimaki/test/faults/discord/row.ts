/**
 * Faults as rows. A row says what goes wrong while people write, what must be seen afterwards beside the checker's word, and which
 * safeguard its red control takes away: the same scenario without it must show what the safeguard is there to prevent.
 */
import type { Harness, Project } from '../../support/harness.ts'
import type { FaultKind } from '../kinds.ts'
import type { SafeguardName } from './safeguards.ts'

export interface FaultRow {
  readonly name: string
  /** What `why` has to name while the fault lasts. */
  readonly kind: FaultKind
  /** What goes wrong, and what is written meanwhile. */
  readonly scenario: (scenario: Scenario) => Promise<unknown> | void
  /** Sentences that name what is amiss; none when all is well. */
  readonly amiss?: (scenario: Scenario) => readonly (string | false | undefined)[]
  /** Nothing can be answered: the end is told, in its thread or `elsewhere`, where the checker does not look. */
  readonly told?: true | 'elsewhere'
  /** How the process ends is part of it: the bot is started as one. */
  readonly ends?: true
  readonly red: {
    readonly without: SafeguardName
    readonly shows: RegExp
    /** It is something that happens, and is waited for; else something that does not, and patience decides. */
    readonly happens?: true
  }
}

/** The bot of a scenario, inside this process or as a process. */
export interface FaultBot {
  readonly running: boolean
  stderr(): string
  kill(): void
  /** With the exit code of a process; undefined for a bot that had none. */
  readonly exited: Promise<number | null | undefined>
}

export interface Scenario {
  readonly harness: Harness
  readonly project: Project
  /** The safeguard that is taken away, in a red control. */
  readonly lacks: SafeguardName | undefined
  /** A thread that was answered before the fault. */
  readonly thread: string
  readonly bot: FaultBot
  /** Of the bot, once it has ended. */
  exitCode(): number | null | undefined
  /** Something a person writes, which the checker expects an end for. */
  ask(words?: string, place?: string): { readonly id: string; readonly tag: string }
  /** Kills the bot, lets `meanwhile` happen, starts it again and waits until it is ready, if it ever is. */
  restart(meanwhile: () => void): Promise<void>
  /** What the gateway saw since the scenario began. */
  steps(): readonly string[]
  /** Requests since the scenario began, e.g. of `POST /channels/:channel/messages`. */
  requests(route: string): readonly { readonly path: string; readonly status: number; readonly at: number }[]
  /** What the bot has said in the project channel since the scenario began. */
  told(): readonly string[]
  /** Resolves with the first value, or undefined once the scenario's patience, or `patienceMs`, has ended. */
  until<T>(look: () => T | undefined, patienceMs?: number): Promise<T | undefined>
}

/** The harness of a test file: started before its tests (or before each of them), stopped after them. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startHarness, type Harness, type HarnessOptions, type Project } from './harness.ts'

/** A run in the project of `useHarness` has told its end. */
export const FOOTER = /^\*alpha/

export interface Fixture {
  /** Usable from the first hook or test on. */
  readonly harness: Harness
  /** Linked with a channel: `alpha`. */
  readonly project: Project
  /** The owner writes, into the project's channel unless told otherwise; the id is that of the message, and of the thread it begins. */
  ask(text: string, channelId?: string): string
}

export interface FixtureOptions extends HarnessOptions {
  /** A harness of its own for each test. */
  readonly each?: true
}

export function useHarness({ each, ...options }: FixtureOptions): Fixture {
  let harness: Harness | undefined
  let project: Project | undefined
  const [before, after] = each ? [beforeEach, afterEach] : [beforeAll, afterAll]
  before(async () => {
    harness = await startHarness({ ...options, emulator: { rateLimits: false, ...options.emulator } })
    project = await harness.project('alpha')
  })
  after(async () => {
    await harness?.stop()
    harness = undefined
  })
  return {
    harness: current(() => harness),
    project: current(() => project),
    ask(text, channelId) {
      if (!harness || !project) throw new Error('there is no harness before the first hook')
      return harness.owner.send(channelId ?? project.channelId, text).id
    },
  }
}

/** Stands for what is there only later, so that a file can name it once. */
function current<T extends object>(of: () => T | undefined): T {
  const now = (): T => {
    const value = of()
    if (!value) throw new Error('there is no harness before the first hook')
    return value
  }
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get(now(), name) as unknown,
    // So that `{ ...project }` copies what there is.
    ownKeys: () => Reflect.ownKeys(now()),
    getOwnPropertyDescriptor(_, name) {
      const own = Reflect.getOwnPropertyDescriptor(now(), name)
      return own && { ...own, configurable: true }
    },
  })
}

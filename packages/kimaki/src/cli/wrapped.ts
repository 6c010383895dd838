/** Whether this process is to start the bot in a child, or is that child; and whether the wrapper above it is still there. */

/** The bot's generation, from 1. OpenCode and people's commands do not inherit it, like all that begins with `__KIMAKI_`. */
export const CHILD_VARIABLE = '__KIMAKI_CHILD'

type Environment = Readonly<Record<string, string | undefined>>

export interface Wrapper {
  readonly pid: number
  /** 1 for the bot that a person started; more for one that the wrapper started again. */
  readonly generation: number
  readonly isAlive: boolean
}

export function wantsWrapper(environment: Environment): boolean {
  return environment['KIMAKI_NO_WRAPPER'] !== '1' && !environment[CHILD_VARIABLE]
}

/** The wrapper that started this process. The system gives a process whose parent has died another parent. */
export function wrapperOf(environment: Environment): Wrapper | undefined {
  const generation = Number(environment[CHILD_VARIABLE])
  if (!(generation >= 1)) return undefined
  const pid = process.ppid
  return {
    pid,
    generation,
    get isAlive() {
      return process.ppid === pid
    },
  }
}

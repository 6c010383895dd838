/** Whether this process is to start the bot in a child, or is that child; and whether the wrapper above it is still there. */

/** The number of the life, from 1. Never handed to OpenCode, like all that begins with `__KIMAKI_`. */
export const CHILD_VARIABLE = '__KIMAKI_CHILD'

type Environment = Readonly<Record<string, string | undefined>>

export interface Wrapper {
  readonly pid: number
  /** 1 for the bot that a person started; more for one that the wrapper started again. */
  readonly life: number
  readonly alive: boolean
}

export function wantsWrapper(environment: Environment): boolean {
  return environment['KIMAKI_NO_WRAPPER'] !== '1' && !environment[CHILD_VARIABLE]
}

/** The wrapper that started us. A process whose parent has died is given another one. */
export function wrapperOf(environment: Environment): Wrapper | undefined {
  const life = Number(environment[CHILD_VARIABLE])
  if (!(life >= 1)) return undefined
  const pid = process.ppid
  return {
    pid,
    life,
    get alive() {
      return process.ppid === pid
    },
  }
}

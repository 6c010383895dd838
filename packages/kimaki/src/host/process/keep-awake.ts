/** Keeps a Mac from sleeping while agents work: its own `caffeinate`, which ends with this process at the latest (`-w`). */
import { spawn } from 'node:child_process'

interface Running {
  kill(): void
}

export interface KeepAwakeOptions {
  readonly platform: NodeJS.Platform
  /** Of the bot. */
  readonly pid: number
  /** Undefined: it could not be started. */
  readonly start?: (program: string, args: readonly string[]) => Running | undefined
}

/** To be told whenever agents begin to work, or none does any more. Anywhere but on a Mac it does nothing. */
export function createKeepAwake({ platform, pid, start = startQuietly }: KeepAwakeOptions): (isWorking: boolean) => void {
  let caffeinate: Running | undefined
  return (isWorking) => {
    if (platform !== 'darwin') return
    if (isWorking) caffeinate ??= start('caffeinate', ['-i', '-w', String(pid)])
    else {
      caffeinate?.kill()
      caffeinate = undefined
    }
  }
}

function startQuietly(program: string, args: readonly string[]): Running {
  const child = spawn(program, args, { stdio: 'ignore' })
  // It may not be there: then the Mac sleeps when it likes.
  child.on('error', () => undefined).unref()
  return child
}

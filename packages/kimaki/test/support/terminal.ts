/** Kimaki at a real terminal: what stands on its screen, and what a person types. */
import { spawn, type ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { onTestFinished } from 'vitest'
import { programOf } from './programs.ts'
import { until } from './until.ts'

export interface Terminal {
  /** Resolves once this stands on the screen; what stood before an earlier `sees` does not count. */
  sees(text: string | RegExp): Promise<void>
  type(keys: string): void
  readonly screen: string
  readonly code: Promise<number | null>
}

/** `script` of util-linux gives the command a pseudo-terminal. */
export function openTerminal(
  env: Readonly<Record<string, string>>,
  cwd: string,
  columns: number,
  args: readonly string[] = [],
): Terminal {
  const command = ['exec', process.execPath, programOf(), ...args].join(' ')
  const child: ChildProcess = spawn('script', ['-qec', `stty cols ${columns} rows 50; ${command}`, '/dev/null'], {
    cwd,
    env,
    stdio: 'pipe',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  let seen = 0
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (screen += stripVTControlCharacters(chunk)))
  return {
    get screen() {
      return screen
    },
    code: new Promise((resolve) => child.once('close', resolve)),
    type: (keys) => void child.stdin?.write(keys),
    async sees(text) {
      const wanted = (): number => (typeof text === 'string' ? screen.slice(seen).indexOf(text) : screen.slice(seen).search(text))
      await until(`"${String(text)}" on the screen: ${screen.slice(-300)}`, () => wanted() >= 0)
      seen += wanted() + 1
    },
  }
}

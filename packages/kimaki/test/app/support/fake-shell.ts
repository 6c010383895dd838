/** A shell that runs nothing: what a command says, and how it ends, is said by the test. */
import type { ShellEnd, ShellPort, ShellRequest } from '../../../src/ports/shell.ts'

type Ended = ShellEnd extends infer E ? (E extends ShellEnd ? Omit<E, 'output' | 'tookMs'> : never) : never

export interface FakeShell extends ShellPort {
  readonly runs: readonly ShellRequest[]
  readonly stopped: readonly string[]
  /** The newest command has said this until now. */
  say(text: string): void
  end(end: Ended, text?: string, tookMs?: number): void
}

export function fakeShell(): FakeShell {
  const runs: ShellRequest[] = []
  const stopped: string[] = []
  const ends = new Map<string, (end: ShellEnd) => void>()
  const endOne = (id: string, end: ShellEnd): void => {
    ends.get(id)?.(end)
    ends.delete(id)
  }
  const wasStopped: ShellEnd = { kind: 'stopped', output: { text: '', overflow: undefined }, tookMs: 1000 }
  return {
    runs,
    stopped,
    say: (text) => runs.at(-1)?.onOutput({ text }),
    end: (end, text = '', tookMs = 1000) =>
      endOne(runs.at(-1)?.id ?? '', { ...end, output: { text, overflow: undefined }, tookMs }),
    async run(request) {
      runs.push(request)
      return new Promise((resolve) => ends.set(request.id, resolve))
    },
    running: () => ends.size,
    stop(id) {
      stopped.push(id)
      endOne(id, wasStopped)
    },
    async stopAll() {
      for (const id of ends.keys()) endOne(id, wasStopped)
    },
  }
}

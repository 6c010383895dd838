/** Slash commands in crash runs: each leaves a mark when it acts, so that it shows how often it did. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Interaction } from 'discord-emulator'
import type { Harness, Project } from '../support/harness.ts'

export interface Invocation {
  readonly threadId: string
  readonly mark: string
  readonly use: Interaction
}

const MARKS = 'marks.txt'

/** Undefined where the thread is not there yet, or no bot has registered the command. */
export function leaveMark({ owner, emulator }: Harness, threadId: string, nth: number): Invocation | undefined {
  if (!emulator.world.channel(threadId)) return undefined
  const mark = `mark${nth}.`
  try {
    return { threadId, mark, use: owner.command(threadId, 'run-shell-command', { command: `echo ${mark} >> ${MARKS}` }) }
  } catch {
    return undefined
  }
}

/** What is wrong with them, in words: one that acted twice, one whose person waits for ever, one that was answered and came to nothing. */
export function amiss(harness: Harness, projects: readonly Project[], invocations: readonly Invocation[]): readonly string[] {
  const files = projects.map(({ directory }) => join(directory, MARKS)).filter((file) => existsSync(file))
  const marks = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  return invocations.flatMap(({ threadId, mark, use }) => {
    const times = marks.filter((line) => line === mark).length
    const said = harness.said(threadId)
    const isTold = said.some((text) => /^✗ .*was not run/.test(text))
    if (times > 1) return [`acted ${times} times: ${mark}`]
    if (use.state === 'thinking' && !isTold) return [`stuck: ${mark}`]
    if (use.state === 'answered' && times === 0 && !said.some((text) => text.includes(mark) && !text.startsWith('»')))
      return [`lost: ${mark}`]
    return []
  })
}

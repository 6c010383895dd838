import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { SCRIPTED_OPENCODE } from '../../scripted-opencode/src/index.ts'
import { leftovers } from '../src/machine/leftovers.ts'
import { type Playground, startPlayground } from '../src/playground.ts'
import { builtKimaki } from './support/built-kimaki.ts'
import { commandOf } from './support/processes.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

it('ends the OpenCode server of a bot that was killed a moment before', async () => {
  const playground = await started()
  const { you, projectChannel } = playground.stage
  you.send(projectChannel, 'Do a long task in steps')
  await playground.model.until('the first tool call', ({ step }) => step === 'tools')
  const [server] = leftovers(playground.dir).filter((pid) => /opencode\S* serve/.test(commandOf(pid)))
  expect(server).toBeDefined()

  playground.bot.kill()
  await playground.stop()
  expect(leftovers(playground.dir)).toEqual([])
  // The bot came back once more, to end its server itself.
  expect(playground.bot.exits.map(({ signal, code }) => signal ?? code)).toEqual(['SIGKILL', 0])
})

it('leaves neither process nor file after Ctrl-C', async () => {
  const main = spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url))], {
    env: { ...process.env, PLAYGROUND_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endings.push(() => main.kill('SIGKILL'))
  const left = new Promise<number | null>((resolve) => main.once('exit', resolve))
  const lines = await linesUntil(main, /Open {2}http/)
  const project = /Project +(\S+)/.exec(lines)?.[1] ?? ''
  const dir = dirname(project)
  expect(existsSync(project)).toBe(true)
  expect(leftovers(dir)).not.toEqual([])

  main.kill('SIGINT')
  expect(await left).toBe(0)
  expect(leftovers(dir)).toEqual([])
  expect(existsSync(dir)).toBe(false)
})

async function started(): Promise<Playground> {
  const playground = await startPlayground({ openCode: SCRIPTED_OPENCODE, kimaki: builtKimaki() })
  endings.push(() => playground.stop())
  return playground
}

function linesUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    child.once('exit', () => reject(new Error(`It ended before it was ready:\n${heard}`)))
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        heard += `${line}\n`
        if (pattern.test(line)) resolve(heard)
      })
  })
}
